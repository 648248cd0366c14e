import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

/** Where a search looks: all files below some folders, all rows of some databases. */
export type Places = { folders: readonly string[]; databaseUrls: readonly string[] };

/**
 * Looks for a text in everything that was kept, as it is and in the forms that bytes take in JSON and in a dump: hexadecimal
 * and Base64 at each of the three alignments.
 *
 * @returns the files and tables that hold it
 */
export async function findPlaintext(text: string, { folders, databaseUrls }: Places): Promise<string[]> {
  const forms = formsOf(text);
  const found: string[] = [];
  for (const path of folders.flatMap(filesIn)) {
    const content = readFileSync(path, "latin1");
    if (forms.some((form) => content.includes(form))) found.push(path);
  }
  for (const url of databaseUrls) found.push(...(await findInDatabase(url, forms)));
  return found;
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    // What depends on the neighbouring bytes is left out at both ends.
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  return [text, bytes.toString("hex"), ...base64];
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function findInDatabase(url: string, forms: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      if (rows.some(({ row }) => forms.some((form) => row.includes(form)))) found.push(`${url} ${name}`);
    }
    return found;
  } finally {
    await client.end();
  }
}
