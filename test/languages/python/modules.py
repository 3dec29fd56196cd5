"""The modules of the runtime that the first argument names: cdktf or cdktn."""
import sys
from importlib import import_module

RUNTIME = sys.argv[1]
cdk = import_module(RUNTIME)


def binding(provider):
    """The provider of a cloud. To be imported before the library is used."""
    return import_module(f"{'cdktf_cdktf' if RUNTIME == 'cdktf' else 'cdktn'}_provider_{provider}.provider")


def library():
    return import_module(f"{RUNTIME}_flux_identity")
