// junit.mjs: a results file as JUnit XML by npm's junit-report-builder, for junit.py.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , results, output, modules] = process.argv;
const builder = createRequire(modules + "/")("junit-report-builder");
const [head, ...lines] = readFileSync(results, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const suite = builder.testSuite().name(`exportcheck ${head.account}`).timestamp(head.started.slice(0, -1));

function details(result) {
  const fix = result.fix ?? {};
  const parts = [result.message, result.why, (fix.console ?? []).join(" › "), fix.cli, fix.note];
  if (fix.policy) parts.push(JSON.stringify(fix.policy, null, 2));
  for (const item of result.evidence) parts.push(`${item.fact} (${item.call}): ${item.state}`);
  return parts.filter(Boolean).join("\n");
}

for (const result of lines) {
  if (!result.rule) continue;
  const test = suite.testCase().className(`exportcheck.${result.place}.${result.rule}`).name(`${result.title}: ${result.target}`).time(0);
  // Its failure() takes no text below the message, its error() does.
  if (result.status === "fail") test.error(result.message, result.severity, details(result));
  else if (result.status === "unknown" || result.status === "pending") test.error(result.message, result.status, details(result));
  else if (result.status !== "pass") test.skipped();
}
builder.writeTo(output);
