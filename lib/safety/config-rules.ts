/** The settings: type, bounds and which direction loosens. The database holds the same rules and has the last word; a test keeps them equal. */
import * as z from 'zod';

export type ConfigValue = boolean | number | string;
export type Loosens = 'true' | 'false' | 'lower' | 'higher' | 'neither';

const share = (least: number) =>
  z
    .number()
    .min(least)
    .max(1)
    .refine(value => /^\d(\.\d{1,4})?$/.test(String(value)), 'At most four decimals.');
const whole = (most: number) => z.int().min(1).max(most);
const timezone = z
  .string()
  .regex(/^(?:UTC|[A-Za-z0-9_+-]{1,32}\/[A-Za-z0-9_+/-]{1,31})$/, 'Not a time zone name such as "America/Denver".')
  .refine(name => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
    } catch {
      return false;
    }
  }, 'Not a known time zone.');

export const CONFIG_RULES = {
  enabled: { schema: z.boolean(), loosens: 'true' },
  shadow_mode: { schema: z.boolean(), loosens: 'false' },
  auto_execute_threshold: { schema: share(0.5), loosens: 'lower' },
  min_executions_for_auto: { schema: whole(999_999), loosens: 'lower' },
  conversation_window_minutes: { schema: whole(9_999), loosens: 'neither' },
  review_min_customers: { schema: whole(999), loosens: 'lower' },
  activation_days: { schema: whole(999), loosens: 'higher' },
  watchdog_interval_minutes: { schema: whole(9_999), loosens: 'higher' },
  silence_hours: { schema: whole(9_999), loosens: 'higher' },
  business_timezone: { schema: timezone, loosens: 'neither' },
  match_threshold: { schema: share(0.0001), loosens: 'lower' },
  message_retention_days: { schema: whole(9_999), loosens: 'neither' },
  delivery_retention_days: { schema: whole(9_999), loosens: 'neither' },
} as const satisfies Record<string, { schema: z.ZodType<ConfigValue>; loosens: Loosens }>;

export type ConfigKey = keyof typeof CONFIG_RULES;

/** What PATCH accepts: any of the keys, and no other. */
export const configValues = z.strictObject(
  Object.fromEntries(Object.entries(CONFIG_RULES).map(([key, rule]) => [key, rule.schema.optional()])) as {
    [Key in ConfigKey]: z.ZodOptional<(typeof CONFIG_RULES)[Key]['schema']>;
  },
);

/** From the table's text to JSON's types. */
export function parseConfigValue(key: ConfigKey, text: string): ConfigValue {
  const { schema } = CONFIG_RULES[key];
  if (schema instanceof z.ZodBoolean) return text === 'true';
  return schema instanceof z.ZodNumber || Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Whether going from one value to the other makes the system less safe. */
export function isLoosening(key: ConfigKey, from: ConfigValue, to: ConfigValue): boolean {
  const { loosens }: { loosens: Loosens } = CONFIG_RULES[key];
  switch (loosens) {
    case 'lower':
      return to < from;
    case 'higher':
      return to > from;
    case 'true':
      return to === true && from !== true;
    case 'false':
      return to === false && from !== false;
    case 'neither':
      return false;
    default:
      return loosens satisfies never;
  }
}
