#!/bin/sh
#SBATCH --job-name=exportcheck
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --requeue
# One part of `exportcheck check --targets`: sbatch --array=0-7 slurm.sh targets.jsonl results
# The part follows from the array's own variables. A task that is run again overwrites its own file alone.
set -u
targets=$1
results=$2
mkdir -p "$results"
exportcheck check --targets "$targets" -o jsonl="$results/part-$SLURM_ARRAY_TASK_ID.jsonl"
status=$?
# 1 and 3 are findings: the part is done. Anything else is a failure of the task.
case $status in
    0 | 1 | 3) exit 0 ;;
    *) exit "$status" ;;
esac
