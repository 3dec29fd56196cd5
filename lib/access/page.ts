import { createHash } from 'crypto';
import { AccessModel } from './model';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';

/**
 * Who can do what in a whole app, as one page that needs nothing else: no network, no server. The same models are the same bytes.
 * Whatever a model holds is text: it stands in a block of JSON, from which the script makes texts and never markup.
 */
export function accessPage(models: readonly AccessModel[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${digest(PAGE_STYLE)}'; script-src '${digest(PAGE_SCRIPT)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Who can do what</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header><h1>Who can do what</h1><p id="about"></p></header>
<main>
<noscript>This page needs JavaScript. The files that end in .access.md say the same.</noscript>
<form id="filters" role="search" aria-label="Grants">
<label>Search <input id="search" type="search" autocomplete="off" spellcheck="false"></label>
<label>Cluster <select id="cluster"></select></label>
<label>Tenant <select id="tenant"></select></label>
<label>Cloud <select id="cloud"></select></label>
<label>Service <select id="service"></select></label>
<label>Broadness <select id="broadness"></select></label>
<button type="reset">Clear</button>
</form>
<section id="way" aria-labelledby="way-title" hidden>
<h2 id="way-title" tabindex="-1"></h2>
<button id="back" type="button">Back to the list</button>
<div id="picture" tabindex="0" role="group" aria-label="The way as a picture, left to right"></div>
<h3>In words</h3>
<ol id="words"></ol>
</section>
<section aria-labelledby="list-title">
<h2 id="list-title" tabindex="-1">Grants</h2>
<p id="count" role="status"></p>
<div class="scroll" tabindex="0" role="group" aria-label="Table of grants">
<table aria-labelledby="list-title">
<thead><tr>${['Who', 'Cluster', 'Cloud', 'May', 'On', 'Only if', 'Used by', 'Note'].map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody id="grants"></tbody>
</table>
</div>
<button id="more" type="button" hidden></button>
</section>
</main>
<script type="application/json" id="models">${inScript(JSON.stringify(models))}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** JSON that ends no script and opens no comment: `<` as JSON may write it too. */
function inScript(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
