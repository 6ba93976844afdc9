// The same decisions by @cloud-copilot/iam-simulate: its core engine, with policies parsed once, and its public API.
// node policy.mjs PACKAGE_FOLDER FILE SECONDS; prints a JSON object a line.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder, file, seconds] = process.argv.slice(2)
const load = (path) => import(pathToFileURL(join(folder, 'node_modules/@cloud-copilot', path)).href)
const { authorize } = await load('iam-simulate/dist/esm/core_engine/CoreSimulatorEngine.js')
const { AwsRequestImpl } = await load('iam-simulate/dist/esm/request/request.js')
const { RequestContextImpl } = await load('iam-simulate/dist/esm/requestContext.js')
const { DiscoveryContextKeyConstraints } = await load('iam-simulate/dist/esm/context_keys/discoveryContextKeyConstraints.js')
const { runSimulation } = await load('iam-simulate/dist/esm/index.js')
const { loadPolicy } = await load('iam-policy/dist/esm/index.js')

const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const single = (value) => (Array.isArray(value) && value.length === 1 ? value[0] : Array.isArray(value) ? value : String(value))
const contextOf = (request) => Object.fromEntries(Object.entries(request.context ?? {}).map(([key, value]) => [key, single(value)]))
const named = (list) => (list ?? []).map((item) => loadPolicy(item.policy, { name: item.name }))
const levels = (list) => (list ?? []).map((level, i) => ({ orgIdentifier: String(i), policies: named(level) }))
const simulationParameters = {
  simulationMode: 'Strict',
  strictConditionKeys: new Set(),
  discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([])
}

const core = lines.map(({ request, ...policies }) => ({
  request: new AwsRequestImpl(
    request.principal,
    { resource: request.resource, accountId: request.resource_account },
    request.action,
    new RequestContextImpl(contextOf(request))
  ),
  identityPolicies: named(policies.identity_policies),
  serviceControlPolicies: levels(policies.service_control_policies),
  resourceControlPolicies: levels(policies.resource_control_policies),
  resourcePolicy: policies.resource_policy && loadPolicy(policies.resource_policy, { name: 'resource' }),
  simulationParameters
}))

const api = lines.map(({ request, ...policies }) => ({
  request: {
    principal: request.principal,
    action: request.action,
    resource: { resource: request.resource, accountId: request.resource_account },
    contextVariables: contextOf(request)
  },
  identityPolicies: policies.identity_policies ?? [],
  serviceControlPolicies: (policies.service_control_policies ?? []).map((level, i) => ({ orgIdentifier: String(i), policies: level })),
  resourceControlPolicies: (policies.resource_control_policies ?? []).map((level, i) => ({ orgIdentifier: String(i), policies: level })),
  resourcePolicy: policies.resource_policy
}))

async function measure(engine, items, decide) {
  const wanted = lines.map((line) => line.expect)
  let agree = 0
  for (let i = 0; i < items.length; i++) agree += (await decide(items[i])) === wanted[i] ? 1 : 0
  const start = performance.now()
  let decisions = 0
  for (; performance.now() - start < seconds * 1000; decisions += items.length) for (const item of items) await decide(item)
  const rate = Math.round((decisions * 1000) / (performance.now() - start))
  console.log(JSON.stringify({ engine, requests: items.length, decisions, decisions_per_second: rate, agree }))
}

// The core engine is synchronous; it is measured without the cost of a promise for each decision.
function measureCore() {
  let agree = 0
  for (let i = 0; i < core.length; i++) agree += authorize(core[i]).result === lines[i].expect ? 1 : 0
  const start = performance.now()
  let decisions = 0
  for (; performance.now() - start < seconds * 1000; decisions += core.length) for (const item of core) authorize(item)
  const rate = Math.round((decisions * 1000) / (performance.now() - start))
  console.log(JSON.stringify({ engine: 'iam-simulate core', requests: core.length, decisions, decisions_per_second: rate, agree }))
}

measureCore()
await measure('iam-simulate API', api, async (item) => {
  const outcome = await runSimulation(item, {})
  return outcome.overallResult ?? outcome.resultType
})
