// Written by `npm run openapi` from docs/openapi.json: change the shapes in lib/contract instead.
export interface paths {
    "/api/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The settings, with default and safest value
         * @description Least role: viewer.
         */
        get: operations["getConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change settings; loosening one needs a reason
         * @description Least role: admin.
         */
        patch: operations["patchConfig"];
        trace?: never;
    };
    "/api/cron/safety": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The watchdog: check everything; roll back if anything executed */
        get: operations["getCronSafety"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/exchanges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Recent customer turns: what would have been said, or why not; `customer` exports what is held of one
         * @description Least role: viewer.
         */
        get: operations["getExchanges"];
        put?: never;
        post?: never;
        /**
         * Erase a customer: every text of theirs, and what was learned from them alone
         * @description Least role: admin.
         */
        delete: operations["deleteExchanges"];
        options?: never;
        head?: never;
        /**
         * Mark an exchange or a thread as not to be learned, or take the mark away
         * @description Least role: operator.
         */
        patch: operations["patchExchanges"];
        trace?: never;
    };
    "/api/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Incidents, kill switch and lease; `view=audit` the audit
         * @description Least role: viewer.
         */
        get: operations["getIncidents"];
        put?: never;
        /**
         * Roll back now, run the watchdog, restore, release
         * @description Least role: operator. What loosens needs admin.
         */
        post: operations["postIncidents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/monitoring": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Monitoring; `view=health` for a probe, without signing in; `format=openmetrics` (application/openmetrics-text)
         * @description Least role: viewer.
         */
        get: operations["getMonitoring"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * As GET, without the body
         * @description Least role: viewer.
         */
        head: operations["headMonitoring"];
        patch?: never;
        trace?: never;
    };
    "/api/patterns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One pattern with its exchanges, versions and audit
         * @description Least role: viewer.
         */
        get: operations["getPatternsId"];
        put?: never;
        post?: never;
        /**
         * Retire: kept, inactive, can be restored
         * @description Least role: admin.
         */
        delete: operations["deletePatternsId"];
        options?: never;
        head?: never;
        /**
         * Edit, restore or merge; new words are a new, inactive version
         * @description Least role: admin.
         */
        patch: operations["patchPatternsId"];
        trace?: never;
    };
    "/api/patterns/{id}/toggle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activate or renew (admins), deactivate (operators)
         * @description Least role: operator. What loosens needs admin.
         */
        post: operations["postPatternsIdToggle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patterns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The patterns, page by page; `format` exports all that fit the filters (csv: text/csv)
         * @description Least role: viewer.
         */
        get: operations["getPatterns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What would be done with this text; nothing is written
         * @description Least role: operator.
         */
        post: operations["postPreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I?
         * @description Least role: viewer.
         */
        get: operations["getSession"];
        put?: never;
        /** Sign in with a token or the code of a one-time link; sets the session cookie */
        post: operations["postSession"];
        /** Sign out */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The access tokens; never the secrets
         * @description Least role: admin.
         */
        get: operations["getTokens"];
        put?: never;
        /**
         * Make an access token; shown once
         * @description Least role: admin.
         */
        post: operations["postTokens"];
        /**
         * Revoke a token: it opens nothing from the next request on
         * @description Least role: admin.
         */
        delete: operations["deleteTokens"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Quo's deliveries, of both signature schemes */
        post: operations["postWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Texts are redacted, and null for viewers. */
        Exchange: {
            /** Format: uuid */
            id: string;
            threadId: string;
            customerText: string | null;
            operatorText: string | null;
            /** @constant */
            textHidden?: true;
            operator: string | null;
            /** @description The operator's name, as Quo's API told it last; null where nobody told it. */
            operatorName: string | null;
            /** Format: date-time */
            at: string;
            decision: {
                /** @enum {string} */
                kind: "would_reply" | "abstained";
                /** Format: uuid */
                patternId?: string;
                matchConfidence?: number | null;
                text?: string | null;
                reasons: string[];
                gates: components["schemas"]["Gate"][];
                /** Format: date-time */
                committedAt: string;
                late: boolean;
            } | null;
            agreement: ("agreed" | "disagreed" | "ignored") | null;
            learnedPatternId: string | null;
            skipped: string | null;
            dontLearn: boolean;
            threadDontLearn: boolean;
        };
        /** @description A condition checked before something may happen, with what was measured. */
        Gate: {
            id: string;
            ok: boolean;
            measured: unknown;
            required: unknown;
            detail?: string;
        };
        Incident: {
            /** Format: uuid */
            id: string;
            source: string;
            actor: string;
            reason: string | null;
            /** @enum {string} */
            state: "open" | "closed";
            /** @enum {string} */
            rollback: "pending" | "done";
            pendingBecause: string | null;
            evidence: {
                checkId: string;
                key: string;
            }[];
            evidenceCount: number;
            snapshot: {
                [key: string]: unknown;
            } | null;
            changed: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            openedAt: string;
            rolledBackAt: string | null;
            closedAt: string | null;
            wereActive: {
                /** Format: uuid */
                id: string;
                version: number;
            }[];
            wereActiveCount: number;
        };
        Pattern: {
            /** Format: uuid */
            id: string;
            patternType: string;
            triggerText: string;
            triggerExamples: string[];
            responseTemplate: string;
            slots: {
                name: string;
                type: string;
                fillable: boolean;
            }[];
            confidenceScore: number;
            confidenceLowerBound: number;
            /** @enum {string} */
            status: "learning" | "pending_review" | "active" | "retired";
            /** @description In force: approved in these words, not expired, not latched. */
            isActive: boolean;
            /** @constant */
            autoExecutable: false;
            /** @constant */
            requiresConfirmation: true;
            evidence: {
                exchanges: number;
                customers: number;
                operators: number;
                days: number;
            };
            shadow: {
                decisions: number;
                judged: number;
                agreed: number;
                disagreed: number;
            };
            eligible: boolean;
            gates: components["schemas"]["Gate"][];
            flags: ("fact_changed" | "unfillable" | "possible_duplicate" | "edited" | "stale" | "conflict")[];
            possibleDuplicates: {
                /** Format: uuid */
                id: string;
                similarity: number;
            }[];
            /** @enum {string} */
            createdFrom: "webhook" | "import" | "external";
            /** Format: date-time */
            firstSeen: string;
            /** Format: date-time */
            lastSeen: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            version: number;
            notes: string | null;
            mergedInto: string | null;
            activeUntil: string | null;
        };
        Token: {
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "admin";
            operatorId: string | null;
            expiresAt: string | null;
            /** Format: uuid */
            id: string;
            /** @description The operator's name, as Quo's API told it last; null where nobody told it. */
            operatorName: string | null;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            revokedAt: string | null;
        };
        /** @description RFC 9457; `code` is stable. */
        Problem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            /** @enum {string} */
            code: "method_not_allowed" | "malformed" | "invalid_input" | "unauthorized" | "forbidden" | "not_found" | "conflict" | "blocked" | "too_large" | "rate_limited" | "unavailable" | "internal";
            detail?: string;
            errors?: {
                pointer: string;
                detail: string;
            }[];
            gates?: components["schemas"]["Gate"][];
            instance?: string;
        } & {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description The body is no JSON */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not authenticated */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The role is too low, or a page of another origin writes */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing */
        Problem404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It changed meanwhile, or a gate refused (with `gates`) */
        Problem409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not valid (with `errors`) */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many in a while */
        Problem429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A fault here; `instance` stands in the log */
        Problem500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not available now: try again (Retry-After) */
        Problem503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        values: {
                            [key: string]: boolean | number | string;
                        };
                        entries: {
                            key: string;
                            value: boolean | number | string;
                            default: boolean | number | string;
                            safest: boolean | number | string;
                            description: string;
                            updatedAt: string | null;
                            updatedBy: string | null;
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patchConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    values: {
                        enabled?: boolean;
                        shadow_mode?: boolean;
                        auto_execute_threshold?: number;
                        min_executions_for_auto?: number;
                        conversation_window_minutes?: number;
                        review_min_customers?: number;
                        activation_days?: number;
                        watchdog_interval_minutes?: number;
                        silence_hours?: number;
                        business_timezone?: string;
                        match_threshold?: number;
                        message_retention_days?: number;
                        delivery_retention_days?: number;
                    };
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        values: {
                            [key: string]: boolean | number | string;
                        };
                        entries: {
                            key: string;
                            value: boolean | number | string;
                            default: boolean | number | string;
                            safest: boolean | number | string;
                            description: string;
                            updatedAt: string | null;
                            updatedBy: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getCronSafety: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "clean" | "rolled_back" | "latched";
                        checks: {
                            id: string;
                            violations: number;
                        }[];
                        /** Format: uuid */
                        incidentId?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getExchanges: {
        parameters: {
            query?: {
                customer?: string;
                decision?: "would_reply" | "abstained";
                reason?: string;
                patternId?: string;
                agreement?: "agreed" | "disagreed" | "ignored";
                operator?: string;
                learned?: "true" | "false";
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        exchanges: components["schemas"]["Exchange"][];
                        /** @description Every pattern that was predicted or learned in these exchanges, by its words. */
                        patterns: {
                            /** Format: uuid */
                            id: string;
                            triggerText: string;
                            /** @enum {string} */
                            status: "learning" | "pending_review" | "active" | "retired";
                        }[];
                        nextCursor: string | null;
                    } | {
                        customer: string;
                        erasedAt: string | null;
                        threads: {
                            [key: string]: unknown;
                        }[];
                        messages: {
                            [key: string]: unknown;
                        }[];
                        deliveries: {
                            [key: string]: unknown;
                        }[];
                        exchanges: {
                            [key: string]: unknown;
                        }[];
                        decisions: {
                            [key: string]: unknown;
                        }[];
                        patterns: {
                            [key: string]: unknown;
                        }[];
                        mentions: {
                            messageIds: string[];
                        };
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteExchanges: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    customer: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        threads: number;
                        messages: number;
                        deliveries: number;
                        exchanges: number;
                        mentions: number;
                        patternsRemoved: number;
                        patternsRebuilt: number;
                        switchedOff: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patchExchanges: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    exchangeId?: string;
                    threadId?: string;
                    dontLearn: boolean;
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        exchangeId?: string;
                        threadId?: string;
                        dontLearn: boolean;
                        /** @constant */
                        pending?: true;
                        exchange?: components["schemas"]["Exchange"];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getIncidents: {
        parameters: {
            query?: {
                view?: "audit";
                id?: string;
                subject?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        incidents: components["schemas"]["Incident"][];
                        killSwitch: {
                            engaged: boolean;
                            since: string | null;
                            source: string | null;
                        };
                        lease: {
                            until: string | null;
                            isValid: boolean;
                            lastRunAt: string | null;
                        };
                        nextCursor: string | null;
                    } | {
                        audit: {
                            id: number;
                            /** Format: date-time */
                            at: string;
                            actor: string;
                            action: string;
                            details: unknown;
                            reason: string | null;
                            subject: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    postIncidents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    action: "rollback";
                    reason: string;
                } | {
                    /** @constant */
                    action: "check";
                } | {
                    /** @constant */
                    action: "restore";
                    /** Format: uuid */
                    incidentId: string;
                    reason: string;
                } | {
                    /** @constant */
                    action: "release";
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "rolled_back" | "pending";
                        /** Format: uuid */
                        incidentId: string;
                        killSwitch: {
                            engaged: boolean;
                            since: string | null;
                            source: string | null;
                        };
                        incident: components["schemas"]["Incident"];
                    } | {
                        /** @enum {string} */
                        status: "clean" | "rolled_back" | "latched";
                        checks: {
                            id: string;
                            violations: number;
                        }[];
                        /** Format: uuid */
                        incidentId?: string;
                    } | {
                        /** @constant */
                        status: "restored";
                        incident: components["schemas"]["Incident"];
                        wereActive: {
                            /** Format: uuid */
                            id: string;
                            version: number;
                        }[];
                    } | {
                        /** @constant */
                        status: "released";
                        killSwitch: {
                            engaged: boolean;
                            since: string | null;
                            source: string | null;
                        };
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getMonitoring: {
        parameters: {
            query?: {
                view?: "health";
                format?: "openmetrics";
                window?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        window: string;
                        patterns: {
                            perDay: {
                                /** Format: date */
                                date: string;
                                created: number;
                                avgConfidence: number | null;
                                active: number;
                            }[];
                            top: {
                                /** Format: uuid */
                                id: string;
                                triggerText: string;
                                responseTemplate: string;
                                exchanges: number;
                                customers: number;
                            }[];
                        };
                        executions: {
                            total: number;
                            automatic: number;
                        };
                        deliveries: {
                            accepted: number;
                            duplicate: number;
                            ignored: number;
                            quarantined: number;
                            refused: number;
                            firstAt: string | null;
                            lastAt: string | null;
                            /** @description Days of the business, newest first; since the first delivery a day without a row had none. */
                            perDay: {
                                /** Format: date */
                                date: string;
                                accepted: number;
                                duplicate: number;
                                ignored: number;
                                quarantined: number;
                                refused: number;
                            }[];
                        };
                        shadow: {
                            decisions: number;
                            judged: number;
                            agreed: number;
                            disagreed: number;
                            coverage: number | null;
                            /** @description By the day on which the customer wrote: turns with a decision, those it would have answered, and how these compared. */
                            perDay: {
                                /** Format: date */
                                date: string;
                                turns: number;
                                covered: number;
                                judged: number;
                                agreed: number;
                                disagreed: number;
                            }[];
                        };
                        learning: {
                            enabled: boolean;
                            learned: number;
                            skipped: {
                                [key: string]: number;
                            };
                        };
                        watchdog: {
                            lastRunAt: string | null;
                            leaseUntil: string | null;
                            checks: {
                                id: string;
                                violations: number;
                            }[];
                        };
                        killSwitch: {
                            engaged: boolean;
                            since: string | null;
                            source: string | null;
                        };
                        incidents: {
                            open: number;
                        };
                        milestones: {
                            day1: {
                                id: string;
                                ok: boolean;
                                measured: unknown;
                                required: unknown;
                            }[];
                            week1: {
                                id: string;
                                ok: boolean;
                                measured: unknown;
                                required: unknown;
                            }[];
                            month1: {
                                id: string;
                                ok: boolean;
                                measured: unknown;
                                required: unknown;
                            }[];
                            workloadSaved: {
                                seconds: number;
                                n: number;
                                medianSeconds: number | null;
                                formula: string;
                            };
                        };
                    } | {
                        /** @enum {string} */
                        status: "ok" | "unavailable" | "incident" | "stale" | "silent";
                        detail?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            /** @description Not available now: try again (Retry-After) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok" | "unavailable" | "incident" | "stale" | "silent";
                        detail?: string;
                    };
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    headMonitoring: {
        parameters: {
            query?: {
                view?: "health";
                format?: "openmetrics";
                window?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getPatternsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        patternType: string;
                        triggerText: string;
                        triggerExamples: string[];
                        responseTemplate: string;
                        slots: {
                            name: string;
                            type: string;
                            fillable: boolean;
                        }[];
                        confidenceScore: number;
                        confidenceLowerBound: number;
                        /** @enum {string} */
                        status: "learning" | "pending_review" | "active" | "retired";
                        /** @description In force: approved in these words, not expired, not latched. */
                        isActive: boolean;
                        /** @constant */
                        autoExecutable: false;
                        /** @constant */
                        requiresConfirmation: true;
                        evidence: {
                            exchanges: number;
                            customers: number;
                            operators: number;
                            days: number;
                        };
                        shadow: {
                            decisions: number;
                            judged: number;
                            agreed: number;
                            disagreed: number;
                        };
                        eligible: boolean;
                        gates: components["schemas"]["Gate"][];
                        flags: ("fact_changed" | "unfillable" | "possible_duplicate" | "edited" | "stale" | "conflict")[];
                        possibleDuplicates: {
                            /** Format: uuid */
                            id: string;
                            similarity: number;
                        }[];
                        /** @enum {string} */
                        createdFrom: "webhook" | "import" | "external";
                        /** Format: date-time */
                        firstSeen: string;
                        /** Format: date-time */
                        lastSeen: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        updatedAt: string;
                        version: number;
                        notes: string | null;
                        mergedInto: string | null;
                        activeUntil: string | null;
                        /** @description What the template states for everyone: prices, hours, rules in numbers, addresses, own links. */
                        facts: string[];
                        /** @description Behind the flag fact_changed: what newer replies say instead, and how many of the newest say so. Empty for viewers. */
                        factChanges: {
                            fact: string;
                            newer: string;
                            seen: number;
                        }[];
                        /** @description Behind the flag conflict: the pattern that operators answered with instead, and how often among the newest 20 judged decisions. */
                        conflicts: {
                            /** Format: uuid */
                            id: string;
                            times: number;
                        }[];
                        /** @description Redacted; empty for viewers. */
                        exchanges: {
                            /** Format: uuid */
                            id: string;
                            threadId: string;
                            customerText: string | null;
                            previousOperatorText: string | null;
                            operatorText: string | null;
                            operator: string | null;
                            /** @description The operator's name, as Quo's API told it last; null where nobody told it. */
                            operatorName: string | null;
                            at: string | null;
                        }[];
                        versions: {
                            version: number;
                            patternType: string;
                            triggerText: string | null;
                            responseTemplate: string | null;
                            changedBy: string;
                            /** Format: date-time */
                            createdAt: string;
                        }[];
                        audit: {
                            id: number;
                            /** Format: date-time */
                            at: string;
                            actor: string;
                            action: string;
                            details: unknown;
                            reason: string | null;
                        }[];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deletePatternsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patchPatternsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    expectedVersion: number;
                    triggerText?: string;
                    responseTemplate?: string;
                    patternType?: string;
                    notes?: string;
                    /** @constant */
                    restore?: true;
                    mergeInto?: {
                        /** Format: uuid */
                        id: string;
                        expectedVersion: number;
                    };
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pattern"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    postPatternsIdToggle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active: boolean;
                    expectedVersion: number;
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pattern"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getPatterns: {
        parameters: {
            query?: {
                status?: "learning" | "pending_review" | "active" | "retired" | "all";
                type?: string;
                q?: string;
                sort?: "review" | "evidence" | "confidence" | "created";
                limit?: number;
                cursor?: string;
                format?: "csv" | "json";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        patterns: components["schemas"]["Pattern"][];
                        nextCursor: string | null;
                        counts: {
                            learning: number;
                            pendingReview: number;
                            active: number;
                            retired: number;
                        };
                    };
                };
            };
            401: components["responses"]["Problem401"];
            422: components["responses"]["Problem422"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    postPreview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                    previousOperatorText?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        decision: "would_reply" | "abstained";
                        match?: {
                            /** Format: uuid */
                            patternId: string;
                            version: number;
                            triggerText: string;
                            text: string;
                            filledText: string | null;
                            matchConfidence: number;
                            expectedAgreement: number;
                            confidence: number;
                            isInForce: boolean;
                            examples: {
                                customerText: string;
                                similarity: number;
                            }[];
                        };
                        alternatives: {
                            /** Format: uuid */
                            patternId: string;
                            triggerText: string;
                            text: string;
                            matchConfidence: number;
                        }[];
                        gates: components["schemas"]["Gate"][];
                        reasons: string[];
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                        operatorId: string | null;
                        expiresAt: string | null;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    postSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    token?: string;
                    code?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                        operatorId: string | null;
                        expiresAt: string | null;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tokens: components["schemas"]["Token"][];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    postTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    role: "viewer" | "operator" | "admin";
                    operatorId?: string;
                    expiresInDays?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                        operatorId: string | null;
                        expiresAt: string | null;
                        /** Format: uuid */
                        id: string;
                        /** @description The operator's name, as Quo's API told it last; null where nobody told it. */
                        operatorName: string | null;
                        createdBy: string;
                        /** Format: date-time */
                        createdAt: string;
                        revokedAt: string | null;
                        token: string;
                        /** Format: uri */
                        signInLink: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    deleteTokens: {
        parameters: {
            query?: {
                id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    id: string;
                };
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    postWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted" | "duplicate" | "ignored" | "quarantined";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            413: components["responses"]["Problem413"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
