/** The migration that this code needs. A test holds it equal to the last entry of the journal. */
export const SCHEMA_LEVEL = 23;
