"""What docs/fleet.md says of engines: the Slurm script runs in a real array, the Kubernetes manifest is one by its schema."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ACCOUNTS = sorted((ROOT / "tests/accounts").glob("root-existing-*.json"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module", name="slurm")
def start_slurm(tmp_path_factory):
    """munged, slurmctld and slurmd of this machine alone; the environment in which sbatch finds them."""
    for program in ("munged", "slurmctld", "slurmd", "sbatch"):
        if not shutil.which(program) and not pathlib.Path("/usr/sbin", program).exists():
            pytest.skip(f"SKIPPED: there is no {program} (packages slurmctld, slurmd, slurm-client, munge)")
    if os.geteuid() != 0:
        pytest.skip("SKIPPED: slurmd runs as root")
    folder = tmp_path_factory.mktemp("slurm")
    host = socket.gethostname().split(".")[0]
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    conf = folder / "slurm.conf"
    conf.write_text(f"""ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/ctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/ctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
""", encoding="utf-8")
    environment = {**os.environ, "SLURM_CONF": str(conf), "PATH": f"{pathlib.Path(EXPORTCHECK).parent}:/usr/sbin:{os.environ['PATH']}"}
    commands = [["munged", "--foreground", "--force", f"--socket={folder}/munge.socket", f"--key-file={key}",
                 f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munged.seed"],
                ["slurmctld", "-D"], ["slurmd", "-D"]]
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for command in commands]
    for _ in range(150):
        state = subprocess.run(["sinfo", "-h", "-o", "%T"], env=environment, capture_output=True, text=True, check=False)
        if state.stdout.strip() == "idle":
            break
        time.sleep(0.2)
    yield environment
    for process in reversed(running):
        process.send_signal(signal.SIGTERM)
    for process in running:
        process.wait(timeout=30)
    assert state.stdout.strip() == "idle", (folder / "ctld.log").read_text(encoding="utf-8")[-2000:]


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_array_of_slurm_checks_each_target_once(slurm, tmp_path):
    targets = tmp_path / "targets.jsonl"
    targets.write_text("".join(json.dumps({"name": path.stem, "snapshot": str(path)}) + "\n" for path in ACCOUNTS),
                       encoding="utf-8")
    done = subprocess.run(["sbatch", "--wait", "--array=0-2", f"--output={tmp_path}/log-%a", ROOT / "docs/fleet/slurm.sh", targets,
                           tmp_path / "results"], env=slurm, capture_output=True, text=True, timeout=120, check=False)
    logs = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("log-*"))
    assert done.returncode == 0, done.stderr + logs
    parts = sorted((tmp_path / "results").glob("part-*.jsonl"))
    assert [part.name for part in parts] == ["part-0.jsonl", "part-1.jsonl", "part-2.jsonl"]
    merged = subprocess.run([EXPORTCHECK, "report", "merge", *parts, "-o", "jsonl"], capture_output=True, text=True, check=False)
    names = {json.loads(line).get("target") for line in merged.stdout.splitlines()[1:-1]}
    assert names == {path.stem for path in ACCOUNTS}
    seen = [row["name"] for part in parts for row in read(part)[0].get("targets", [])]
    assert sorted(seen) == sorted(names)


def test_the_kubernetes_manifest_is_one():
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    documents = list(yaml.safe_load_all((ROOT / "docs/fleet/kubernetes.yaml").read_text(encoding="utf-8")))
    job = documents[-1]["spec"]
    container = job["template"]["spec"]["containers"][0]
    assert job["completionMode"] == "Indexed"
    assert {"name": "JOB_COMPLETIONS", "value": str(job["completions"])} in container["env"]
    validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    for document in documents:
        validate.validate(document, "1.29", strict=True)
