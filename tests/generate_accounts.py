#!/usr/bin/env python3
"""Writes the sample accounts that are variants of tests/accounts/root-existing-cur2.json: same people, another export.

    python3 tests/generate_accounts.py            writes tests/accounts/*.json
    python3 tests/generate_accounts.py --check    says whether they are what this script writes

Each is a healthy account, set up word for word as OptScale's documentation says, unless its name says otherwise. The
calls are those that `exportcheck collect --all-facts` makes; run it on what was written to see that none is missing.
"""

import copy
import datetime
import hashlib
import json
import pathlib
import sys

ACCOUNTS = pathlib.Path(__file__).resolve().parent / "accounts"
BASE = "root-existing-cur2"
MONTHS = ["2026-08", "2026-09", "2026-10", "2026-11"]
DELIVERED = {"2026-08": "2026-09-14T05:10:02.000Z", "2026-09": "2026-10-14T05:09:41.000Z",
             "2026-10": "2026-11-14T05:11:17.000Z", "2026-11": "2026-11-22T04:12:09.000Z"}
LEGACY_COLUMNS = [
    ("identity", "LineItemId"), ("identity", "TimeInterval"), ("bill", "InvoiceId"), ("bill", "BillingEntity"),
    ("bill", "BillType"), ("bill", "PayerAccountId"), ("bill", "BillingPeriodStartDate"),
    ("bill", "BillingPeriodEndDate"), ("lineItem", "UsageAccountId"), ("lineItem", "LineItemType"),
    ("lineItem", "UsageStartDate"), ("lineItem", "UsageEndDate"), ("lineItem", "ProductCode"),
    ("lineItem", "UsageType"), ("lineItem", "Operation"), ("lineItem", "AvailabilityZone"), ("lineItem", "ResourceId"),
    ("lineItem", "UsageAmount"), ("lineItem", "NormalizationFactor"), ("lineItem", "NormalizedUsageAmount"),
    ("lineItem", "CurrencyCode"), ("lineItem", "UnblendedRate"), ("lineItem", "UnblendedCost"),
    ("lineItem", "BlendedRate"), ("lineItem", "BlendedCost"), ("lineItem", "LineItemDescription"),
    ("lineItem", "TaxType"), ("lineItem", "LegalEntity"), ("product", "ProductName"), ("product", "instanceType"),
    ("product", "operatingSystem"), ("product", "productFamily"), ("product", "region"), ("product", "servicecode"),
    ("product", "sku"), ("pricing", "publicOnDemandCost"), ("pricing", "publicOnDemandRate"), ("pricing", "term"),
    ("pricing", "unit"), ("reservation", "ReservationARN"), ("savingsPlan", "SavingsPlanARN"),
]


def period(month):
    """2026-08 → 20260801-20260901."""
    year, number = map(int, month.split("-"))
    end = (year + 1, 1) if number == 12 else (year, number + 1)
    return f"{year:04}{number:02}01-{end[0]:04}{end[1]:02}01"


class Account:
    """A snapshot in the making."""

    def __init__(self, replace, target):
        text = (ACCOUNTS / f"{BASE}.json").read_text(encoding="utf-8")
        for old, new in replace.items():
            text = text.replace(old, new)
        self.snapshot = json.loads(text)
        self.snapshot["target"].update(target)
        self.target = self.snapshot["target"]
        self.objects = []
        self.bucket_region = "eu-west-1"

    def drop(self, *operations):
        self.snapshot["calls"] = [call for call in self.snapshot["calls"] if call["operation"] not in operations]

    def find(self, operation, **parameters):
        return next(call for call in self.snapshot["calls"] if call["operation"] == operation
                    and parameters.items() <= call["parameters"].items())

    def answer(self, operation, **answer):
        self.find(operation)["answer"] = answer

    def add(self, service, operation, parameters, answer, region="us-east-1"):
        self.snapshot["calls"].append({"service": service, "operation": operation, "region": region,
                                       "parameters": parameters, "answer": answer})

    def s3(self, operation, parameters, answer):
        self.add("s3", operation, {"Bucket": self.target["bucket"], **parameters}, answer, self.bucket_region)

    def put(self, key, month, size, seconds=0):
        delivered = datetime.datetime.fromisoformat(DELIVERED[month][:19]) + datetime.timedelta(seconds=seconds)
        time = delivered.isoformat() + ".000Z"
        self.objects.append({"Key": key, "LastModified": time, "ETag": f'"{hashlib.md5(key.encode()).hexdigest()}"',
                             "Size": size, "StorageClass": "STANDARD"})

    def deliver(self, folder, manifest, header):
        """The listing of what was put, and how the newest file and manifest read: a CSV's beginning, a Parquet file's end."""
        self.drop("ListObjectsV2", "HeadObject", "GetObject")
        self.objects.sort(key=lambda item: item["Key"])
        self.s3("ListObjectsV2", {"Prefix": folder},
                {"Contents": self.objects, "Name": self.target["bucket"], "Prefix": folder})
        newest = max((item for item in self.objects if item["Key"].endswith((".csv.gz", ".csv.zip", ".snappy.parquet"))),
                     key=lambda item: (item["LastModified"], item["Key"]))
        self.s3("HeadObject", {"Key": newest["Key"]},
                {"AcceptRanges": "bytes", "LastModified": "Sun, 22 Nov 2026 04:12:09 GMT",
                 "ContentLength": newest["Size"], "ETag": newest["ETag"], "ContentType": "application/octet-stream",
                 "ServerSideEncryption": "AES256"})
        part = "bytes=-262144" if newest["Key"].endswith(".parquet") else "bytes=0-65535"
        self.s3("GetObject", {"Key": newest["Key"], "Range": part}, {"Header": header, "Derived": self.derived()})
        last = max((item for item in self.objects if item["Key"].endswith("Manifest.json")),
                   key=lambda item: item["LastModified"])
        self.s3("GetObject", {"Key": last["Key"]}, {"Json": manifest})

    def derived(self):
        """What the rows say, by the account's own settings."""
        return {"Granularity": "DAILY", "Payer": self.find("GetCallerIdentity")["answer"]["Account"], "Currency": "USD"}

    def set_region(self, region):
        self.bucket_region = region
        for call in self.snapshot["calls"]:
            if call["service"] == "s3" and "Bucket" in call["parameters"]:
                call["region"] = region
            if call["operation"] == "HeadBucket":
                call["answer"]["BucketRegion"] = region
        for bucket in self.find("ListBuckets")["answer"]["Buckets"]:
            bucket["BucketRegion"] = region
        self.answer("GetBucketLocation", LocationConstraint=None if region == "us-east-1" else region)

    def text(self):
        calls = self.snapshot["calls"]
        calls.sort(key=lambda call: (call["service"], call["operation"], json.dumps(call["parameters"])))
        return json.dumps(self.snapshot, indent=2, ensure_ascii=False) + "\n"


def legacy_definition(account, **changes):
    return {"ReportName": account.target["export_name"], "TimeUnit": "DAILY", "Format": "textORcsv",
            "Compression": "ZIP", "AdditionalSchemaElements": ["RESOURCES"], "S3Bucket": account.target["bucket"],
            "S3Prefix": account.target["prefix"], "S3Region": account.bucket_region, "AdditionalArtifacts": [],
            "RefreshClosedReports": True, "ReportVersioning": "OVERWRITE_REPORT",
            "ReportStatus": {"lastDelivery": "20261122T041229Z", "lastStatus": "SUCCESS"}, **changes}


def legacy_manifest(account, keys, columns, **changes):
    return {"assemblyId": "20261122T041155Z", "account": "555566667777",
            "columns": [{"category": category, "name": name} for category, name in columns], "charset": "UTF-8",
            "compression": "ZIP", "contentType": "text/csv", "reportName": account.target["export_name"],
            "billingPeriod": {"start": "20261101T000000.000Z", "end": "20261201T000000.000Z"},
            "bucket": account.target["bucket"], "reportKeys": keys, **changes}


def legacy_account(name, bucket, region, prefix, **changes):
    account = Account({"123456789012": "555566667777", "acme-billing": bucket, "acme-logs": "globex-logs"},
                      {"export_name": name, "prefix": prefix, "export_type": "legacy"})
    account.set_region(region)
    account.drop("GetExport", "ListExecutions")
    account.answer("ListExports", Exports=[])
    account.answer("DescribeReportDefinitions", ReportDefinitions=[legacy_definition(account, **changes)])
    return account


def root_existing_legacy():
    """A legacy report as zipped CSV files, in a bucket in us-east-1."""
    account = legacy_account("billing", "globex-cur", "us-east-1", "legacy")
    folder = "legacy/billing/"
    for month in MONTHS:
        account.put(f"{folder}{period(month)}/billing-00001.csv.zip", month, 41200331)
        account.put(f"{folder}{period(month)}/billing-Manifest.json", month, 9120, 20)
    account.put(f"{folder}{period('2026-10')}/billing-00002.csv.zip", "2026-10", 1290011)
    key = f"{folder}{period('2026-11')}/billing-00001.csv.zip"
    account.deliver(folder, legacy_manifest(account, [key], LEGACY_COLUMNS),
                    [f"{category}/{name}" for category, name in LEGACY_COLUMNS])
    return account


def root_existing_athena():
    """A legacy report for Athena: Parquet files, the report's name twice in their keys."""
    account = legacy_account("athena_billing", "globex-athena", "eu-central-1", "cur", Format="Parquet",
                             Compression="Parquet", AdditionalArtifacts=["ATHENA"])
    folder = "cur/athena_billing/"
    for month in MONTHS:
        year, number = month.split("-")
        place = f"{folder}athena_billing/year={year}/month={int(number)}/"
        account.put(f"{place}athena_billing-00001.snappy.parquet", month, 20100440)
        account.put(f"{folder}{period(month)}/athena_billing-Manifest.json", month, 9120, 20)
        account.put(f"{folder}{period(month)}/athena_billing-create-table.sql", month, 4410, 21)
    account.put(f"{folder}athena_billing/cost_and_usage_data_status/cost_and_usage_data_status.parquet", "2026-11",
                1190, 22)
    account.put(f"{folder}crawler-cfn.yml", "2026-11", 12377, 23)
    key = f"{folder}athena_billing/year=2026/month=11/athena_billing-00001.snappy.parquet"
    snake = [(snake_case(category), snake_case(name)) for category, name in LEGACY_COLUMNS]
    account.deliver(folder, legacy_manifest(account, [key], snake, compression="Parquet", contentType="Parquet"),
                    ["_".join(names) for names in snake])
    return account


def snake_case(name):
    """UsageAccountId → usage_account_id."""
    return "".join("_" + letter.lower() if letter.isupper() and i and not name[i - 1].isupper() else letter.lower()
                   for i, letter in enumerate(name))


def cur2_account(name, bucket, region, prefix, **output):
    account = Account({"123456789012": "777788889999", "acme-billing": bucket, "acme-logs": "initech-logs",
                       "export/optscale-": f"export/{name}-"}, {"export_name": name, "prefix": prefix})
    account.set_region(region)
    account.find("ListExports")["answer"]["Exports"][0]["ExportName"] = name
    export = account.find("GetExport")["answer"]["Export"]
    export["Name"] = name
    destination = export["DestinationConfigurations"]["S3Destination"]
    destination.update({"S3Prefix": prefix, "S3Region": region})
    destination["S3OutputConfigurations"].update(output)
    return account


def cur2_manifest(account, keys):
    manifest = copy.deepcopy(account.find("GetObject", Key=next(
        call["parameters"]["Key"] for call in account.snapshot["calls"]
        if call["operation"] == "GetObject" and "Range" not in call["parameters"]))["answer"]["Json"])
    manifest["dataFiles"] = [f"s3://{account.target['bucket']}/{key}" for key in keys]
    return manifest


def cur2_header(account):
    return account.find("GetObject", Range="bytes=0-65535")["answer"]["Header"]


def root_existing_nested():
    """A CUR 2.0 export of Parquet files under a prefix of two folders."""
    account = cur2_account("cost-usage", "initech-finops", "eu-north-1", "finance/exports", Format="PARQUET",
                           Compression="PARQUET")
    folder = "finance/exports/cost-usage/"
    for month in MONTHS:
        account.put(f"{folder}data/BILLING_PERIOD={month}/cost-usage-00001.snappy.parquet", month, 20100440)
        account.put(f"{folder}metadata/BILLING_PERIOD={month}/cost-usage-Manifest.json", month, 9120, 20)
    key = f"{folder}data/BILLING_PERIOD=2026-11/cost-usage-00001.snappy.parquet"
    account.deliver(folder, cur2_manifest(account, [key]), cur2_header(account))
    return account


def root_existing_create_new():
    """Faulty: each delivery creates new files, and an older one of October left a part that the newest has not."""
    account = cur2_account("daily", "umbrella-billing", "eu-west-2", "cur2", Overwrite="CREATE_NEW_REPORT")
    folder = "cur2/daily/"
    old, new = "2026-11-13T04:02:10.015Z-0b1d", "2026-11-14T05:01:44.902Z-77ce"
    for month in MONTHS:
        account.put(f"{folder}data/BILLING_PERIOD={month}/{new}/daily-00001.csv.gz", month, 41200331)
        account.put(f"{folder}metadata/BILLING_PERIOD={month}/daily-Manifest.json", month, 9120, 20)
    for part in (1, 2):
        account.objects.append({"Key": f"{folder}data/BILLING_PERIOD=2026-10/{old}/daily-0000{part}.csv.gz",
                                "LastModified": "2026-11-13T04:12:30.000Z", "Size": 40100220,
                                "ETag": f'"{part:032x}"', "StorageClass": "STANDARD"})
    key = f"{folder}data/BILLING_PERIOD=2026-11/{new}/daily-00001.csv.gz"
    account.deliver(folder, cur2_manifest(account, [key]), cur2_header(account))
    return account


MAKERS = {"root-existing-legacy": root_existing_legacy, "root-existing-athena": root_existing_athena,
          "root-existing-nested": root_existing_nested, "root-existing-create-new": root_existing_create_new}


def main():
    stale = []
    for name, make in MAKERS.items():
        path = ACCOUNTS / f"{name}.json"
        text = make().text()
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif json.loads(path.read_text(encoding="utf-8")) != json.loads(text):
            stale.append(path.name)
    if stale:
        sys.exit(f"not as generated: {', '.join(stale)}; run tests/generate_accounts.py")


if __name__ == "__main__":
    main()
