"""Processor time of the quick start beside the bare bindings': `cpu.py <runtime> <outdir>`. Wall time is noise. At most 1.2."""
import os
import subprocess
import sys

LIMIT = 1.2
here = os.path.dirname(os.path.abspath(__file__))


def seconds(program):
    process = subprocess.Popen([sys.executable, os.path.join(here, program), *sys.argv[1:]], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{program} failed")
    return usage.ru_utime + usage.ru_stime


# Turn about, so that what else the machine does falls on both; the least of each is what it costs.
rounds = [(seconds("bare.py"), seconds("quick_start.py")) for _ in range(2)]
bare, ours = (min(each) for each in zip(*rounds))
print(f"{ours:.1f} s of processor time, the bare bindings {bare:.1f} s: {ours / bare:.2f}")
if ours > LIMIT * bare:
    raise SystemExit(f"More than {LIMIT} of the bare program")
