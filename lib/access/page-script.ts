/** What the page does. It makes elements and texts of what it reads, never markup. */
export const PAGE_SCRIPT = String.raw`
'use strict';
(() => {
  const FIRST = 300;
  const byId = (id) => document.getElementById(id);
  const models = JSON.parse(byId('models').textContent);
  const shown = (value) => typeof value === 'string' ? value : '<' + value.ref + '>';
  const nameOf = (subject) => subject.account || (subject.secret ? 'Secret ' + subject.secret : 'nodes');
  const tenantOf = (subject) => (subject.account || subject.secret || '').split('/')[0];
  const unique = (values) => [...new Set(values)].filter((value) => value !== '').sort();

  const element = (name, text, attributes) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    return made;
  };

  const namesOf = (grant) => unique(grant.rights.flatMap((right) => right.actions || (right.role === undefined ? [] : [shown(right.role)])));
  const conditionsOf = (grant) => unique(grant.rights.map((right) => right.condition === undefined ? '' : JSON.stringify(right.condition)));
  const heldOn = (grant) => unique(grant.rights.flatMap((right) => right.resources.map(shown))).filter((on) => on !== shown(grant.resource) && on !== '*');
  const usedBy = (grant) => grant.kinds === 'unknown' ? 'unknown' : grant.kinds.length === 0 ? 'nothing' : grant.kinds.join(', ');

  const rowsOf = (model) => model.identities.flatMap((identity) => {
    const grants = model.grants.filter((grant) => grant.identity === identity.key);
    const without = { service: '', may: identity.grants === 'unknown' ? 'unknown' : 'nothing', details: '', on: '', held: '', onlyIf: '', used: '', note: '' };
    const parts = grants.length === 0 || identity.grants === 'unknown' ? [without] : grants.map((grant) => ({
      service: grant.service, may: grant.service + ': ' + grant.verb, details: namesOf(grant).join(', '), on: shown(grant.resource), held: heldOn(grant).join(', '),
      onlyIf: conditionsOf(grant).join(' or '), used: usedBy(grant), broad: grant.broad, owner: grant.owner,
      note: [grant.broad === undefined ? '' : 'broad: ' + grant.broad, grant.owner === undefined ? '' : 'the owner must agree'].filter(Boolean).join('; '),
    }));
    return parts.map((part) => {
      const row = { ...part, model, identity, tenants: identity.subjects.map(tenantOf) };
      row.text = [model.installation, identity.cloud, ...identity.subjects.map(nameOf), ...identity.principals.map(shown),
        part.may, part.details, part.on, part.held, part.onlyIf, part.used, part.note].join(' ').toLowerCase();
      return row;
    });
  });
  const rows = models.flatMap(rowsOf);

  const BROADNESS = {
    'broad': (row) => row.broad !== undefined,
    'one resource': (row) => row.service !== '' && row.broad === undefined,
    'nothing uses it': (row) => row.used === 'nothing',
    'the owner must agree': (row) => row.owner !== undefined,
    'unknown': (row) => row.may === 'unknown' || row.used === 'unknown',
  };
  const FILTERS = {
    cluster: { values: unique(rows.map((row) => row.model.installation)), has: (row, value) => row.model.installation === value },
    tenant: { values: unique(rows.flatMap((row) => row.tenants)), has: (row, value) => row.tenants.includes(value) },
    cloud: { values: unique(rows.map((row) => row.identity.cloud)), has: (row, value) => row.identity.cloud === value },
    service: { values: unique(rows.map((row) => row.service)), has: (row, value) => row.service === value },
    broadness: { values: Object.keys(BROADNESS), has: (row, value) => BROADNESS[value](row) },
  };
  for (const [id, { values }] of Object.entries(FILTERS)) {
    byId(id).append(element('option', 'all', { value: '' }), ...values.map((value) => element('option', value)));
  }
  byId('about').textContent = models.length + (models.length === 1 ? ' cluster, ' : ' clusters, ')
    + unique(rows.flatMap((row) => row.tenants)).length + ' namespaces, grants: ' + rows.filter((row) => row.service !== '').length;

  const cells = (row) => {
    const who = element('td', row.identity.subjects.length === 0 ? row.identity.key : '');
    row.identity.subjects.forEach((subject, index) => {
      const button = element('button', nameOf(subject), { type: 'button' });
      button.addEventListener('click', () => draw(row.model, subject, button));
      who.append(...(index === 0 ? [] : [', ']), button);
    });
    const withSmall = (text, small) => {
      const cell = element('td', text);
      if (small !== '') cell.append(element('small', small));
      return cell;
    };
    const line = element('tr');
    line.append(who, element('td', row.model.installation), element('td', row.identity.cloud), withSmall(row.may, row.details), withSmall(row.on, row.held),
      element('td', row.onlyIf), element('td', row.used), element('td', row.note, row.note === '' ? {} : { class: 'warn' }));
    return line;
  };

  let limit = FIRST;
  const list = () => {
    const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = Object.entries(FILTERS).map(([id, filter]) => [filter, byId(id).value]).filter(([, value]) => value !== '');
    const found = rows.filter((row) => words.every((word) => row.text.includes(word)) && chosen.every(([filter, value]) => filter.has(row, value)));
    byId('grants').replaceChildren(...found.slice(0, limit).map(cells));
    byId('count').textContent = found.length + ' of ' + rows.length + (found.length > limit ? ', the first ' + limit + ' are shown' : '');
    byId('more').hidden = found.length <= limit;
    byId('more').textContent = 'Show all ' + found.length;
  };
  const fresh = () => { limit = FIRST; list(); };
  byId('filters').addEventListener('input', fresh);
  byId('filters').addEventListener('reset', () => setTimeout(fresh));
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('more').addEventListener('click', () => { limit = Infinity; list(); byId('list-title').focus(); });

  const svg = (name, attributes, ...children) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const WIDTH = 250;
  const HEIGHT = 62;
  const short = (text, length) => text.length <= length ? text : text.slice(0, length / 2 - 1) + '…' + text.slice(1 - length / 2);
  const box = (column, middle, lines, isBroad) => svg('g', isBroad ? { class: 'broad' } : {},
    svg('title', {}, lines.join('\n')),
    svg('rect', { x: 1 + column * (WIDTH + 60), y: middle - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 8 }),
    ...lines.slice(0, 3).map((line, index) => svg('text', { x: 12 + column * (WIDTH + 60), y: middle - 12 + index * 18, ...(index === 0 ? {} : { class: 'quiet' }) }, short(line, index === 0 ? 32 : 36))));
  const edge = (column, from, into) => {
    const start = 1 + column * (WIDTH + 60) + WIDTH;
    return svg('path', { d: 'M' + start + ' ' + from + ' C' + (start + 30) + ' ' + from + ' ' + (start + 30) + ' ' + into + ' ' + (start + 60) + ' ' + into });
  };

  let opener;
  const draw = (model, subject, button) => {
    opener = button;
    const name = nameOf(subject);
    const identities = model.identities.filter((identity) => identity.subjects.some((other) => nameOf(other) === name));
    byId('way-title').textContent = 'The way of ' + name + ' in ' + model.installation;
    const parts = [];
    const words = [];
    let y = 30 + HEIGHT / 2;
    const centres = identities.map((identity) => {
      const grants = model.grants.filter((grant) => grant.identity === identity.key);
      const first = y;
      const ends = grants.map((grant) => {
        const at = y;
        parts.push(box(3, at, [shown(grant.resource), grant.service + ': ' + grant.verb, grant.broad === undefined ? namesOf(grant).join(', ') : 'broad: ' + grant.broad],
          grant.broad !== undefined));
        y += HEIGHT + 12;
        return at;
      });
      if (grants.length === 0) y += HEIGHT + 12;
      const centre = ends.length === 0 ? first : (ends[0] + ends[ends.length - 1]) / 2;
      parts.push(box(2, centre, [identity.cloud + ', by ' + identity.credential, identity.principals.map(shown).join(', ') || 'unknown to the library',
        identity.grants === 'unknown' ? 'what it may do is unknown' : grants.length + (grants.length === 1 ? ' grant' : ' grants')]));
      parts.push(...ends.map((end) => edge(2, centre, end)));
      const trust = identity.trust === 'unknown' ? [] : identity.trust.filter((entry) => !subject.account || entry.subject.endsWith(':' + subject.account.replace('/', ':')));
      words.push(['acts as ' + identity.principals.map(shown).join(', ') + ' in ' + identity.cloud + ', by ' + identity.credential
        + (trust.length === 0 ? '' : ', for the audience ' + trust.flatMap((entry) => entry.audiences.map(shown)).join(', ')),
      identity.grants === 'unknown' ? ['what it may do is unknown'] : grants.map((grant) => 'may ' + grant.service + ': ' + grant.verb + ' on ' + shown(grant.resource)
        + ' (' + namesOf(grant).join(', ') + ')' + (grant.broad === undefined ? '' : ', broad: ' + grant.broad) + ', used by ' + usedBy(grant))]);
      return centre;
    });
    const middle = centres.length === 0 ? y : (centres[0] + centres[centres.length - 1]) / 2;
    parts.push(box(0, middle, [model.installation, model.cluster.kind + ', Flux ' + model.flux.version, shown(model.cluster.issuer)]), edge(0, middle, middle),
      box(1, middle, [name, subject.level ? subject.level + ' level' : subject.use || '']), ...centres.map((centre) => edge(1, middle, centre)));
    parts.push(...['Cluster', 'Account', 'Identity', 'Resources'].map((title, column) => svg('text', { 'x': 1 + column * (WIDTH + 60), 'y': 14, 'class': 'quiet' }, title)));
    byId('picture').replaceChildren(svg('svg', { 'width': 4 * WIDTH + 182, 'height': Math.max(y, 100) - HEIGHT / 2, 'role': 'img', 'aria-labelledby': 'way-title', 'aria-describedby': 'words' }, ...parts));
    const item = (text, inner) => {
      const made = element('li', text);
      if (inner.length > 0) { const all = element('ul'); all.append(...inner.map((each) => element('li', each))); made.append(all); }
      return made;
    };
    byId('words').replaceChildren(
      item(model.installation + ': a cluster of kind ' + model.cluster.kind + ', issuer ' + shown(model.cluster.issuer), []), item(name, []), ...words.map(([text, inner]) => item(text, inner)),
      ...(model.patches ? [item('patches of your own, which may change all of this', model.patches)] : []));
    byId('way').hidden = false;
    byId('way-title').focus();
  };
  const back = () => { byId('way').hidden = true; if (opener && opener.isConnected) opener.focus(); else byId('search').focus(); };
  byId('back').addEventListener('click', back);
  byId('way').addEventListener('keydown', (event) => { if (event.key === 'Escape') back(); });
  list();
})();
`;
