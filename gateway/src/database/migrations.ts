import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { append, EMPTY_FRONTIER, type Frontier, type PerfectNode } from "@salus/sdk/log/frontier";
import { storeNodes } from "../log/nodes.ts";

/** The schema's history. A migration that was released never changes; the next one goes below it. */
const MIGRATIONS: Record<string, Migration> = {
  "001-first": {
    async up(db: Kysely<unknown>) {
      for (const statement of FIRST) await sql.raw(statement).execute(db);
    },
  },
  "002-log-proofs": {
    async up(db: Kysely<any>) {
      for (const statement of LOG_PROOFS) await sql.raw(statement).execute(db);
      await fillNodes(db);
    },
  },
  "010-rewards": {
    async up(db: Kysely<unknown>) {
      for (const statement of REWARDS) await sql.raw(statement).execute(db);
    },
  },
  "020-records": {
    async up(db: Kysely<unknown>) {
      for (const statement of RECORDS) await sql.raw(statement).execute(db);
    },
  },
  "030-speakers-of-revocations": {
    async up(db: Kysely<any>) {
      await sql`alter table revocations
        add column code_key text, add column two_person boolean not null default false`.execute(db);
    },
  },
  "040-erasure": {
    async up(db: Kysely<unknown>) {
      for (const statement of ERASURE) await sql.raw(statement).execute(db);
    },
  },
  "050-mandates": {
    async up(db: Kysely<unknown>) {
      for (const statement of MANDATES) await sql.raw(statement).execute(db);
    },
  },
  "070-replicas": {
    async up(db: Kysely<unknown>) {
      for (const statement of REPLICAS) await sql.raw(statement).execute(db);
    },
  },
  "080-relays": {
    async up(db: Kysely<unknown>) {
      for (const statement of RELAYS) await sql.raw(statement).execute(db);
    },
  },
  "090-revocations-of-proxies": {
    async up(db: Kysely<unknown>) {
      await sql`alter table revocations
        add column proxy text, add column proxy_since bigint, add column head_block bigint,
        add column overruled_at bigint`.execute(db);
    },
  },
  "100-applications": {
    async up(db: Kysely<unknown>) {
      for (const statement of APPLICATIONS) await sql.raw(statement).execute(db);
    },
  },
  "110-bounds": {
    async up(db: Kysely<unknown>) {
      for (const statement of BOUNDS) await sql.raw(statement).execute(db);
    },
  },
  "111-bounds-of-known-ones": {
    async up(db: Kysely<unknown>) {
      for (const statement of BOUNDS_OF_KNOWN) await sql.raw(statement).execute(db);
    },
  },
};

/** Brings the database to the newest schema. @throws what the failing migration threw */
export async function migrate(db: Kysely<never> | Kysely<any>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Leaves read at once while the nodes of an earlier log are computed. */
const LEAVES_AT_ONCE = 10_000;

/** Computes the inner nodes of a log that began before they were kept. */
export async function fillNodes(db: Kysely<any>): Promise<void> {
  let frontier: Frontier = EMPTY_FRONTIER;
  for (;;) {
    const { rows } = await sql<{ leaf_hash: Buffer }>`
      select leaf_hash from decisions where index >= ${frontier.size} order by index limit ${LEAVES_AT_ONCE}`.execute(
      db,
    );
    const nodes: PerfectNode[] = [];
    for (const { leaf_hash } of rows) frontier = append(frontier, leaf_hash, (node) => nodes.push(node));
    await storeNodes(db, nodes);
    if (rows.length < LEAVES_AT_ONCE) return;
  }
}

const REWARDS = [
  `create table reward_files (
    digest text primary key, dataset text not null, token text not null, epoch bigint not null, built_at bigint not null)`,
  `create index reward_files_dataset on reward_files (dataset, epoch)`,
];

const LOG_PROOFS = [
  `create table log_nodes (level integer not null, index bigint not null, hash bytea not null, primary key (level, index))`,
  `create index decisions_leaf on decisions (leaf_hash)`,
  `create table log_checkpoints (
    size bigint primary key, root text not null, signature text not null, cosignatures jsonb not null,
    signed_at bigint not null, transaction text)`,
  `create table peer_checkpoints (
    gateway integer not null, size bigint not null, root text not null, signature text not null,
    cosigned_at bigint not null, primary key (gateway, size))`,
  `create table log_evidence (
    id text primary key, gateway integer not null, kind text not null, known jsonb not null, claimed jsonb not null,
    found_at bigint not null)`,
];

const ERASURE = [
  `create table erasures (
    dataset text not null, subject text not null, signed jsonb not null, records jsonb not null,
    received_at bigint not null, receipt jsonb, primary key (dataset, subject))`,
  `create table erased_contents (content text primary key)`,
  `create table erasure_receipts (
    dataset text not null, subject text not null, gateway integer not null, receipt jsonb not null,
    primary key (dataset, subject, gateway))`,
];

const RECORDS = [
  `alter table blobs alter column size type bigint`,
  `create table uploads (
    id text primary key, asset text not null, trusted boolean not null, size bigint not null,
    created_at bigint not null, expires_at bigint not null)`,
  `create index uploads_expires on uploads (expires_at)`,
  `alter table versions add column changes_cid text`,
  `create table contents (
    content text primary key, asset text not null, origin_version integer not null, record_id text not null)`,
];

const BOUNDS = [
  `create table subjects (
    dataset text not null, subject text not null, version integer not null, primary key (dataset, subject))`,
  `alter table versions add column subjects_listed boolean not null default false`,
  `create index versions_unlisted on versions (asset, number) where not subjects_listed`,
  `create index blobs_untrusted on blobs (size) where not trusted`,
  `create index uploads_asset on uploads (asset)`,
];

const BOUNDS_OF_KNOWN = [
  `alter table revocations add column signer text, add column by_key boolean not null default false`,
  `create index revocations_final on revocations (final_at)`,
  `alter table blobs add column stranger text`,
  `alter table uploads add column stranger text`,
  // Of before, nobody knows from where; whose asset is listed is found out when it is used next.
  `update blobs set stranger = 'before' where not trusted`,
  `update uploads set stranger = 'before' where not trusted`,
  `drop index blobs_untrusted`,
  // It holds two minutes, and nothing that a crash may not lose.
  `create unlogged table shared_rates (
    replica text not null, name text not null, minute bigint not null, count bigint not null,
    primary key (replica, name, minute))`,
  `create index blobs_stranger on blobs (stranger, size) where stranger is not null`,
];

const RELAYS = [
  `create table relays (
    word text primary key, kind text not null, dataset text not null, subject text not null, gas bigint not null,
    transaction text, at bigint not null)`,
  `create index relays_at on relays (at)`,
  `create index relays_subject on relays (dataset, subject, at)`,
];

const APPLICATIONS = [
  `create table applications (
    place bigserial primary key, id text not null unique, dataset text not null, applicant text not null,
    signed jsonb not null, decided boolean not null default false, received_at bigint not null)`,
  `create index applications_of on applications (applicant, place)`,
  `create index applications_waiting on applications (dataset) where not decided`,
  `create table application_decisions (
    place bigserial primary key, application text not null references applications (id), issuer text not null,
    digest text not null unique, decision jsonb not null, decided_at bigint not null)`,
  `create index application_decisions_of on application_decisions (application, place)`,
];

const REPLICAS = [
  `create table replicas (id serial primary key, started_at bigint not null)`,
  `create table worker_pools (pool text primary key, replica integer not null)`,
  `create table idempotent_writes (
    id text primary key, fingerprint text not null, replica integer not null, status integer, content_type text,
    body bytea, expires_at bigint not null)`,
  `create index idempotent_writes_expires on idempotent_writes (expires_at)`,
];

const MANDATES = [
  `create table mandates (
    id text primary key, fixed jsonb not null, job text not null, spec jsonb not null, salt text not null,
    closed boolean not null, updated_at bigint not null)`,
  `create index mandates_job on mandates (job)`,
];

const FIRST = [
  `create table blobs (
    digest text primary key, asset text not null, trusted boolean not null, size integer not null, stored_at bigint not null)`,
  `create index blobs_asset on blobs (asset)`,
  `create table versions (
    asset text not null, number integer not null, version_hash text not null, content_root text not null,
    consent_root text not null, descriptor text not null, consents_cid text not null, manifest_cid text not null,
    records integer not null, stored_at bigint not null, primary key (asset, number))`,
  `create table key_shares (
    asset text not null, origin_version integer not null, record_id text not null, sealed bytea not null,
    primary key (asset, origin_version, record_id))`,
  `create table models (asset text primary key, digest text not null, stored_at bigint not null)`,
  `create table orders (
    id text primary key, fixed jsonb not null, state text not null, spec jsonb, salt text, sealed_input bytea,
    outcome jsonb, receipt jsonb, signatures jsonb, excluded jsonb, failure jsonb, transaction text,
    runs integer not null default 0, updated_at bigint not null)`,
  `create index orders_state on orders (state)`,
  `create table signed_receipts (
    order_id text not null, consent_block bigint not null, receipt_hash text not null, receipt jsonb not null,
    result_cid text not null, signature text not null, signed_at bigint not null,
    primary key (order_id, consent_block))`,
  `create table releases (
    order_id text primary key, record_ids jsonb not null, closed_at bigint, report jsonb, signature text,
    released_at bigint not null)`,
  `create table revocations (
    dataset text not null, subject text not null, max_nonce bigint not null, signature text not null,
    received_at bigint not null, final_at bigint, primary key (dataset, subject, max_nonce))`,
  `create table vetoes (
    id text primary key, dataset text not null, subject text not null, signed jsonb not null,
    created_at bigint not null, lifted_at bigint)`,
  `create index vetoes_dataset on vetoes (dataset) where lifted_at is null`,
  `create table request_nonces (
    signer text not null, nonce text not null, expires_at bigint not null, primary key (signer, nonce))`,
  `create table decisions (
    index bigint primary key, at bigint not null, action text not null, order_id text not null,
    dataset text not null, subject text, kind integer not null, uses text not null, reason text not null,
    salt text not null, leaf_hash bytea not null)`,
  `create index decisions_subject on decisions (dataset, subject, index)`,
  `create table log_state (
    singleton boolean primary key default true check (singleton), size bigint not null, frontier jsonb not null)`,
  `insert into log_state (size, frontier) values (0, '[]')`,
  `create table log_heads (size bigint primary key, root text not null)`,
];
