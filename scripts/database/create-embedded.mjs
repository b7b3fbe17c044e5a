// Creates an empty PGlite database in the directory given, as a process of its own: initdb inside WebAssembly leaves
// 500 MB behind that are never given back (measured: 710 MB resident after creating, 175 MB after reopening).
import { PGlite } from '@electric-sql/pglite';

const [directory, startParams] = process.argv.slice(2);
const db = await PGlite.create({ dataDir: directory, startParams: JSON.parse(startParams) });
await db.close();
