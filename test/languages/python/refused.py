"""
What does not go together, and the message that names the package and the command: `refused.py <runtime>`, with the bindings of
Entra ID for the other runtime installed, and for this one too old. Each case is a program of its own: an engine keeps what it
has loaded.
"""
import os
import subprocess
import sys
import tempfile
from importlib import import_module

RUNTIME = sys.argv[1]
OTHER = {"cdktf": "cdktn", "cdktn": "cdktf"}[RUNTIME]
TITLE = {"cdktf": "CDK for Terraform", "cdktn": "CDK Terrain"}
BINDING = {"cdktf": "cdktf-cdktf-provider-azuread", "cdktn": "cdktn-provider-azuread"}


def module(name):
    return import_module(name.replace("-", "_"))


def stack_of(runtime):
    cdk = module(runtime)
    return cdk.TerraformStack(cdk.App(outdir=tempfile.mkdtemp()), "s")


def application(stack):
    flux = module(f"{RUNTIME}-flux-identity")
    source = flux.FluxServiceAccount.controller(flux.FluxController.SOURCE)
    certificate = module(RUNTIME).TerraformVariable(stack, "certificate", type="string").string_value
    return flux.FluxAzureApplication(
        stack, "App", display_name="flux", certificate=certificate, end_date="2027-12-31T00:00:00Z", service_accounts=[source],
    )


def message(use):
    try:
        use()
    except Exception as error:
        return str(error)
    raise AssertionError("It was not refused.")


def missing():
    """Bindings that are not there, or not imported yet: the engine must not have looked for them, so that a later import helps."""
    stack = stack_of(RUNTIME)
    said = message(lambda: application(stack))
    assert f"@{RUNTIME}/provider-azuread is not installed" in said, said
    assert f"Fix: pip install {BINDING[RUNTIME]} and import {BINDING[RUNTIME].replace('-', '_')} first" in said, said
    module(f"{BINDING[RUNTIME]}.provider")
    again = message(lambda: application(stack_of(RUNTIME)))
    assert "is too old" in again, again


def other_bindings():
    module(f"{BINDING[OTHER]}.provider")
    stack = stack_of(RUNTIME)
    said = message(lambda: application(stack))
    assert f"@{OTHER}/provider-azuread is there, which is for {TITLE[OTHER]} ({OTHER}-flux-identity)" in said, said
    assert f"Fix: pip install {BINDING[RUNTIME]} and import" in said, said


def old_bindings():
    module(f"{BINDING[RUNTIME]}.provider")
    stack = stack_of(RUNTIME)
    said = message(lambda: application(stack))
    assert f"@{RUNTIME}/provider-azuread" in said and "is too old" in said, said
    assert f'Fix: pip install "{BINDING[RUNTIME]}>=' in said, said


def other_runtime():
    flux = module(f"{RUNTIME}-flux-identity")
    stack = stack_of(OTHER)
    said = message(lambda: flux.ClusterIssuer.oidc(stack, "Cluster", url="https://oidc.example.com"))
    assert f"{RUNTIME}-flux-identity is for {TITLE[RUNTIME]} ({RUNTIME}), and this stack is of {TITLE[OTHER]} ({OTHER})." in said, said
    assert f"Fix: pip uninstall {RUNTIME}-flux-identity && pip install {OTHER}-flux-identity, and import {OTHER}_flux_identity" in said, said


def old_node():
    said = message(lambda: module(f"{RUNTIME}-flux-identity"))
    assert "Node 18.20.0 is too old" in said and "nvm install" in said, said


def two_copies():
    """Of the same version they are one in jsii's engine, whatever brings the second; another version is refused by the engine, by name."""
    import jsii
    name = f"{RUNTIME}-flux-identity"
    flux = module(name)
    assembly = module(f"{name}._jsii").__jsii_assembly__
    files = flux.__name__, f"{name}@{assembly.version}.jsii.tgz"
    jsii.JSIIAssembly.load(name, assembly.version, *files)
    source = flux.FluxServiceAccount.controller(flux.FluxController.SOURCE)
    assert source.name == "source-controller", source.name
    said = message(lambda: jsii.JSIIAssembly.load(name, "99.0.0", *files))
    assert f"Multiple versions 99.0.0 and {assembly.version} of the package '{name}'" in said, said


CASES = {case.__name__: case for case in (missing, other_bindings, old_bindings, other_runtime, old_node, two_copies)}
if len(sys.argv) > 2:
    CASES[sys.argv[2]]()
else:
    for name in CASES:
        environment = dict(os.environ)
        if name == "old_node":
            environment["NODE_OPTIONS"] = f"--require {os.path.abspath('test/package/old-node.cjs')}"
        subprocess.run([sys.executable, __file__, RUNTIME, name], env=environment, check=True)
        print(f"refused: {name}")
