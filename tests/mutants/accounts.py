"""Sample accounts as mutants see them: answers to copy and change, and where each thing stands."""
import copy
import json
import pathlib

ACCOUNTS = pathlib.Path(__file__).resolve().parents[1] / "accounts"


class Account:
    def __init__(self, file):
        self.path = ACCOUNTS / file
        document = json.loads(self.path.read_text(encoding="utf-8"))
        self.target = document["target"]
        self.calls = document["calls"]
        self.bucket = self.target["bucket"]
        self.name = self.target["export_name"]
        self.arn = f"arn:aws:s3:::{self.bucket}"
        self.folder = f"{self.target['prefix']}/{self.name}/"
        self.principal = self.target["principal"]
        self.account = self.principal.split(":")[4]
        self.legacy = self.target["export_type"] == "legacy"
        self.reads = f"arn:aws:iam::{self.account}:policy/OptScaleReadOnly"
        self.discovers = f"arn:aws:iam::{self.account}:policy/OptScaleDiscoverResources"

    def answer(self, call, **parameters):
        """A copy of what AWS answers to the call."""
        service, operation = call.split(":")
        for made in self.calls:
            if (made["service"], made["operation"]) == (service, operation) and all(
                    made["parameters"].get(name) == value for name, value in parameters.items()):
                return copy.deepcopy(made["answer"])
        raise KeyError(call)

    def policy(self, arn):
        return self.answer("iam:GetPolicyVersion", PolicyArn=arn)["PolicyVersion"]["Document"]

    def objects(self):
        return self.answer("s3:ListObjectsV2", Prefix=self.folder)["Contents"]

    def reports(self):
        """Indexes of the files of cost data."""
        return [i for i, item in enumerate(self.objects()) if item["Key"].endswith((".csv.gz", ".csv.zip", ".snappy.parquet"))]

    # ---- changes, as rule cases write them

    def with_policy(self, arn, document):
        return {"call": "iam:GetPolicyVersion", "with": {"PolicyArn": arn},
                "merge": {"PolicyVersion": {"Document": document}}}

    def with_bucket_policy(self, document):
        return {"call": "s3:GetBucketPolicy", "answer": {"Policy": document}}

    def with_objects(self, objects):
        return {"call": "s3:ListObjectsV2", "with": {"Prefix": self.folder}, "answer": {"Contents": objects}}

    def with_export(self, cur2, legacy):
        """A merge into the export's definition, or into the only legacy report."""
        if not self.legacy:
            return {"call": "bcm-data-exports:GetExport", "merge": {"Export": cur2}}
        return {"call": "cur:DescribeReportDefinitions",
                "patch": [{"op": "replace", "path": f"/ReportDefinitions/0/{name}", "value": value}
                          for name, value in legacy.items()]}
