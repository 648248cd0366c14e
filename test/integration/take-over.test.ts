/** People who have a letter and no account, no ether: three gateways, a real chain, and everything by way of gateways. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keccak256, toHex, type Address } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  consentBasis,
  deriveSubjectKey,
  DUO,
  generateAccountSecret,
  generateOneTimeCode,
  leafRoot,
  MODES,
  OrderKind,
  placeOfCode,
  printOneTimeCode,
  PROXY_RIGHTS,
  readController,
  readOneTimeCode,
  readProxy,
  readSlots,
  recordLeaf,
  signContestByCode,
  signGrant,
  signProxyWord,
  signRevocation,
  signRevocationByCode,
  signTakeOver,
} from "@salus/sdk";
import {
  getAccessLog,
  sendContest,
  sendGrant,
  sendHandOver,
  sendProxyWord,
  sendRevocation,
} from "@salus/sdk/gateway/index";
import {
  COUNT,
  deliveryOf,
  endow,
  listPatients,
  placeOrder,
  subjectOf,
  type Dataset,
} from "../support/gateway-market.ts";
import { startGatewayNetwork, until, type GatewayNetwork } from "../support/gateway-network.ts";

const LETTERS = 4;
const DELAY = 20;

const buyer = privateKeyToAccount(keccak256(toHex("buyer of the take-over tests")));
const stranger = privateKeyToAccount(keccak256(toHex("stranger of the take-over tests")));
const letters = Array.from({ length: LETTERS }, () => printOneTimeCode(generateOneTimeCode()));
let network: GatewayNetwork;
let dataset: Dataset;

beforeAll(async () => {
  network = await startGatewayNetwork(21_020);
  await endow(network, buyer);
  dataset = await listPatients(network, 16, {
    subject: (i, asset) => (i < LETTERS ? placeIn(asset, i).subject : subjectOf(i).address),
    consent: (leaf, i) => ({
      ...leaf,
      basis: i < LETTERS ? consentBasis.custodianAttested : consentBasis.subjectSigned,
    }),
  });
}, 120_000);

afterAll(async () => network?.stop());

const target = (index: number) => network.gateways[index - 1]!.target();
const codeOf = (i: number) => readOneTimeCode(letters[i]!);
const placeIn = (asset: bigint, i: number) => placeOfCode(network.deployment, codeOf(i), asset);
const placeAt = (i: number) => placeIn(dataset.asset, i);
const now = () => Math.floor(Date.now() / 1000);

const person = (() => {
  const secret = generateAccountSecret();
  return () => {
    const { chainId, contracts } = network.deployment;
    const context = { chainId, registry: contracts.AssetRegistry, dataset: dataset.asset };
    return privateKeyToAccount(deriveSubjectKey(secret, context).privateKey);
  };
})();

async function slotOf(subject: Address, asset = dataset.asset) {
  return (await readSlots(network.reader, { dataset: asset, subjects: [subject] }))[0]!;
}

async function refused(work: Promise<unknown>, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ code });
}

async function inputRootOf(asset = dataset.asset) {
  const placed = await placeOrder(network, { buyer, asset, kind: OrderKind.Analysis, spec: COUNT });
  return (await deliveryOf(placed)).receipt.inputRoot;
}

function rootWithout(set: Dataset, ...gone: Address[]) {
  const names = gone.map((subject) => subject.toLowerCase());
  const leaves = set.built.manifest.entries.map(({ leaf }) => leaf);
  return leafRoot(
    recordLeaf,
    leaves.filter(({ subject }) => !names.includes(subject.toLowerCase())),
  );
}

async function takeOver(i: number, controller: Address) {
  const { nonce } = await readController(network.reader, placeAt(i));
  const handOver = { dataset: dataset.asset, controller, nonce, validUntil: now() + 600 };
  return signTakeOver(network.deployment, codeOf(i), handOver);
}

describe("a letter", () => {
  test("is enough to stop, at any gateway, at once", async () => {
    const { nonce } = await slotOf(placeAt(1).subject);
    const about = { dataset: dataset.asset, nonce };
    const signed = await signRevocationByCode(network.deployment, codeOf(1), about);
    expect((await sendRevocation(target(3), signed)).status).toMatch(/effective|on chain/);
    expect(await inputRootOf()).toBe(rootWithout(dataset, placeAt(1).subject));
    await until(async () => (await slotOf(placeAt(1).subject)).changedAt > 0);
  });

  test("is not enough for anybody else's place, nor is another's signature", async () => {
    const about = { dataset: dataset.asset, nonce: 0 };
    const { message, codeKey } = await signRevocationByCode(network.deployment, codeOf(2), about);
    const { signature } = await signRevocationByCode(network.deployment, codeOf(3), about);
    const invalid = "GATEWAY_REVOCATION_INVALID";
    await refused(sendRevocation(target(2), { message, codeKey, signature }), invalid);
    // Named as provisional by another's code, or a subject that has a key of its own.
    const other = { ...message, subject: subjectOf(9).address };
    await refused(sendRevocation(target(2), { message: other, codeKey, signature }), invalid);
    const person = await signRevocation(network.deployment, { ...message, nonce: 0 }, stranger);
    await refused(sendRevocation(target(2), { ...person, codeKey }), invalid);
  });
});

describe("the custodian", () => {
  test("revokes for its provisional subject by way of any gateway", async () => {
    const { subject, codeKey } = placeAt(2);
    const { nonce } = await slotOf(subject);
    const { account } = network.operator(0).walletClient;
    const signed = await signRevocation(
      network.deployment,
      { dataset: dataset.asset, subject, nonce },
      account as never,
    );
    await sendRevocation(target(2), { ...signed, codeKey });
    expect(await inputRootOf()).toBe(rootWithout(dataset, placeAt(1).subject, subject));
    await until(async () => (await slotOf(subject)).changedAt > 0);
  });

  test("of another gateway does not, and none does for a subject with a key", async () => {
    const { subject, codeKey } = placeAt(3);
    const about = { dataset: dataset.asset, subject, nonce: 0 };
    const other = network.operator(1).walletClient.account as never;
    const invalid = "GATEWAY_REVOCATION_INVALID";
    const signed = await signRevocation(network.deployment, about, other);
    await refused(sendRevocation(target(2), { ...signed, codeKey }), invalid);
    const own = network.operator(0).walletClient.account as never;
    const forPerson = { ...about, subject: subjectOf(9).address };
    const word = await signRevocation(network.deployment, forPerson, own);
    await refused(sendRevocation(target(2), word), invalid);
    await refused(sendRevocation(target(2), { ...word, twoPerson: true }), invalid);
  });
});

describe("taking over", () => {
  test("needs the letter, and the custodian of the dataset", async () => {
    const code = "GATEWAY_HAND_OVER_REFUSED";
    const signed = await takeOver(0, person().address);
    await refused(sendHandOver(target(2), signed), code);
    const thief = { ...signed.message, controller: stranger.address };
    await refused(sendHandOver(target(1), { ...signed, message: thief }), code);
    // A code that belongs to no subject of the dataset.
    const unknown = {
      dataset: dataset.asset,
      controller: stranger.address,
      nonce: 0,
      validUntil: now() + 60,
    };
    const none = await signTakeOver(network.deployment, generateOneTimeCode(), unknown);
    await refused(sendHandOver(target(1), none), code);
    const late = await signTakeOver(network.deployment, codeOf(0), {
      ...signed.message,
      validUntil: now() + 9_999,
    });
    await refused(sendHandOver(target(1), late), code);
  });

  test("can be contested with the letter, and done again", async () => {
    const { inForceFrom } = await sendHandOver(target(1), await takeOver(0, stranger.address));
    expect(inForceFrom).toBeGreaterThan(now());
    expect((await readController(network.reader, placeAt(0))).pending).toEqual({
      account: stranger.address,
      inForceFrom,
    });
    const about = { dataset: dataset.asset, nonce: 0 };
    await refused(
      sendContest(target(1), await signContestByCode(network.deployment, codeOf(3), about)),
      "GATEWAY_HAND_OVER_REFUSED",
    );
    // The custodian's gateway relays it; that it is the operator who sends says nothing.
    const { signature } = await signContestByCode(network.deployment, codeOf(3), about);
    const contest = await signContestByCode(network.deployment, codeOf(0), about);
    await refused(sendContest(target(1), { ...contest, signature }), "GATEWAY_HAND_OVER_REFUSED");
    await sendContest(target(2), contest);
    const ended = await readController(network.reader, placeAt(0));
    expect(ended).toEqual({ controller: undefined, pending: undefined, nonce: 1 });
    await sendHandOver(target(1), await takeOver(0, person().address));
  });

  test("gives the person the only word, after the delay", async () => {
    const { subject, codeKey } = placeAt(0);
    const grant = {
      dataset: dataset.asset,
      subject,
      purposes: DUO.USE_HEALTH,
      expiry: 4_102_444_800,
      modes: MODES.TRAINING,
      nonce: 0,
    };
    const signed = await signGrant(network.deployment, grant, person(), 0);
    await refused(sendGrant(target(2), signed), "GATEWAY_GRANT_REFUSED");
    await network.rpc("evm_increaseTime", [DELAY]);
    await network.rpc("evm_mine");
    expect((await readController(network.reader, placeAt(0))).controller).toBe(person().address);
    await sendGrant(target(2), signed);
    expect(await slotOf(subject)).toMatchObject({ modes: MODES.TRAINING, nonce: 1 });
    const byCode = await signRevocationByCode(network.deployment, codeOf(0), {
      dataset: dataset.asset,
      nonce: 1,
    });
    await refused(sendRevocation(target(3), byCode), "GATEWAY_REVOCATION_INVALID");
    const own = network.operator(0).walletClient.account as never;
    const custodians = await signRevocation(network.deployment, { ...byCode.message, nonce: 1 }, own);
    await refused(sendRevocation(target(3), { ...custodians, codeKey }), "GATEWAY_REVOCATION_INVALID");
    const { entries } = await getAccessLog(target(1), { dataset: dataset.asset, subject, signer: person() });
    expect(entries.length).toBeGreaterThan(0);
    await refused(
      getAccessLog(target(1), { dataset: dataset.asset, subject, signer: stranger }),
      "GATEWAY_SIGNATURE_INVALID",
    );
  });

  test("lets the person name a proxy, who speaks until it is removed, all by way of gateways", async () => {
    const { deployment } = network;
    const { subject } = placeAt(0);
    const about = { dataset: dataset.asset, subject };
    const proxy = stranger.address;
    const named = { ...about, proxy, rights: PROXY_RIGHTS.GRANT, expiry: 4_102_444_800, nonce: 1 };
    const naming = await signProxyWord(deployment, "ProxyNaming", named, person(), 1);
    await sendProxyWord(target(3), "ProxyNaming", naming);
    const { since } = await readProxy(network.reader, { ...about, proxy });
    const word = {
      ...about,
      purposes: DUO.USE_HEALTH,
      expiry: 4_102_444_800,
      modes: MODES.ANALYSIS,
      nonce: 2,
    };
    const grant = { ...word, proxy, since };
    await sendProxyWord(
      target(2),
      "ProxyGrant",
      await signProxyWord(deployment, "ProxyGrant", grant, stranger, 2),
    );
    expect(await slotOf(subject)).toMatchObject({ modes: MODES.ANALYSIS, nonce: 3 });
    const removal = await signProxyWord(deployment, "ProxyRemoval", { ...about, proxy, since }, person(), 3);
    await sendProxyWord(target(1), "ProxyRemoval", removal);
    const again = await signProxyWord(deployment, "ProxyGrant", { ...grant, nonce: 4 }, stranger, 4);
    await refused(sendProxyWord(target(2), "ProxyGrant", again), "GATEWAY_PROXY_REFUSED");
    const revocation = await signRevocation(deployment, { ...about, nonce: 4 }, person());
    await sendRevocation(target(3), revocation);
    const [one, two] = [placeAt(1).subject, placeAt(2).subject];
    expect(await inputRootOf()).toBe(rootWithout(dataset, subject, one, two));
  });
});

describe("a two-person dataset", () => {
  test("counts what both said, and either takes it back", async () => {
    const both = MODES.ANALYSIS | MODES.TWO_PERSON;
    // Two of fourteen said it alone.
    const set = await listPatients(network, 14, {
      modes: both,
      consent: (leaf, i) => ({ ...leaf, modes: i < 2 ? MODES.ANALYSIS : both }),
    });
    const [one, two, three] = [0, 1, 2].map(subjectOf);
    expect(await inputRootOf(set.asset)).toBe(rootWithout(set, one!.address, two!.address));
    const operator = network.operator(0).walletClient.account as never;
    const word = {
      dataset: set.asset,
      purposes: DUO.USE_HEALTH,
      expiry: 4_102_444_800,
      modes: both,
      nonce: 0,
    };
    const grant = { ...word, subject: one!.address };
    const signed = await signGrant(network.deployment, grant, one!, 0);
    await refused(sendGrant(target(1), signed), "GATEWAY_GRANT_REFUSED");
    const { signature: custodianSignature } = await signGrant(network.deployment, grant, operator, 0);
    const wrong = { ...signed, custodianSignature: signed.signature };
    await refused(sendGrant(target(1), wrong), "GATEWAY_GRANT_REFUSED");
    await sendGrant(target(1), { ...signed, custodianSignature });
    const about = { dataset: set.asset, subject: three!.address, nonce: 0 };
    const taken = await signRevocation(network.deployment, about, operator);
    await sendRevocation(target(2), { ...taken, twoPerson: true });
    await until(async () => (await slotOf(three!.address, set.asset)).changedAt > 0);
    // The grant counts once it is final.
    await until(async () => {
      const root = await inputRootOf(set.asset);
      return root === rootWithout(set, two!.address, three!.address);
    });
  });
});
