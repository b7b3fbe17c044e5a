/** The configuration as values: typed, and a missing or unreadable row reads as the safest value (I12). */

export type Settings = {
  enabled: boolean;
  shadowMode: true;
  autoExecuteThreshold: number;
  minExecutionsForAuto: number;
  windowMinutes: number;
  reviewMinCustomers: number;
  activationDays: number;
  watchdogIntervalMinutes: number;
  silenceHours: number;
  businessTimezone: string;
  matchThreshold: number;
};

/** @param config rows of `pattern_learning_config` by key */
export function readSettings(config: Readonly<Record<string, string>>): Settings {
  return {
    enabled: config.enabled === 'true',
    shadowMode: true,
    autoExecuteThreshold: readNumber(config.auto_execute_threshold, 1),
    minExecutionsForAuto: readNumber(config.min_executions_for_auto, 100_000),
    windowMinutes: readNumber(config.conversation_window_minutes, 60),
    reviewMinCustomers: readNumber(config.review_min_customers, 100),
    activationDays: readNumber(config.activation_days, 1),
    watchdogIntervalMinutes: readNumber(config.watchdog_interval_minutes, 1),
    silenceHours: readNumber(config.silence_hours, 1),
    businessTimezone: config.business_timezone ?? 'UTC',
    matchThreshold: readNumber(config.match_threshold, 1),
  };
}

function readNumber(value: string | undefined, safest: number): number {
  const number = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? number : safest;
}
