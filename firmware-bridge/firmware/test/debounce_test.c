#include "check.h"
#include "debounce.h"
#include "rates.h"

/* Tables of {time, pins} and the events expected of them, replayed at several loop rates (PROTOCOL.md §13). */

struct pins_at {
    uint32_t ms;
    uint8_t pins;
};

enum kind { PRESS, CHORD, STUCK };

struct expected {
    enum kind kind;
    uint8_t button; /* 1…4 */
    uint32_t from_ms;
    uint32_t to_ms;
};

struct table {
    const char *name;
    struct pins_at pins[24];
    struct expected events[6];
    uint32_t end_ms;
};

#define END {UINT32_MAX, 0}

static const struct table tables[] = {
    {"a clean press", {{0, 0}, {100, 1}, {300, 0}, END}, {{PRESS, 1, 108, 120}}, 500},
    {"each button", {{0, 0}, {100, 1}, {200, 0}, {300, 2}, {400, 0}, {500, 4}, {600, 0}, {700, 8}, {800, 0}, END},
     {{PRESS, 1, 108, 120}, {PRESS, 2, 308, 320}, {PRESS, 3, 508, 520}, {PRESS, 4, 708, 720}}, 1000},
    {"bounce when closing", {{0, 0}, {100, 1}, {101, 0}, {102, 1}, {105, 0}, {106, 1}, {300, 0}, END},
     {{PRESS, 1, 108, 126}}, 500},
    {"bounce when opening is no second press",
     {{0, 0}, {100, 1}, {300, 0}, {302, 1}, {304, 0}, {310, 1}, {315, 0}, {330, 1}, {335, 0}, END},
     {{PRESS, 1, 108, 120}}, 500},
    {"a spike of 6 ms is nothing", {{0, 0}, {100, 1}, {106, 0}, {200, 2}, {206, 0}, END}, {{0}}, 500},
    {"a gap of 20 ms is no release", {{0, 0}, {100, 1}, {200, 0}, {220, 1}, {400, 0}, END}, {{PRESS, 1, 108, 120}}, 600},
    {"a gap of 40 ms is one", {{0, 0}, {100, 1}, {200, 0}, {240, 1}, {400, 0}, END},
     {{PRESS, 1, 108, 120}, {PRESS, 1, 248, 260}}, 600},
    {"held at boot is no press", {{0, 1}, {500, 0}, END}, {{0}}, 1000},
    {"held at boot, then let go and pressed", {{0, 1}, {500, 0}, {600, 1}, {700, 0}, END}, {{PRESS, 1, 608, 620}}, 1000},
    {"pressed at once after boot", {{0, 0}, {40, 4}, {200, 0}, END}, {{PRESS, 3, 48, 60}}, 500},
    {"no auto-repeat", {{0, 0}, {100, 1}, {9900, 0}, END}, {{PRESS, 1, 108, 120}}, 10500},
    {"stuck once", {{0, 0}, {100, 1}, {30000, 0}, END}, {{PRESS, 1, 108, 120}, {STUCK, 1, 10108, 10125}}, 31500},
    {"stuck from boot", {{0, 8}, {30000, 0}, END}, {{STUCK, 4, 10000, 10010}}, 31500},
    {"stuck, masked until up for 1 s",
     {{0, 0}, {100, 1}, {11000, 0}, {11900, 1}, {12000, 0}, {12900, 1}, {13000, 0}, {14100, 1}, {14200, 0}, END},
     {{PRESS, 1, 108, 120}, {STUCK, 1, 10108, 10125}, {PRESS, 1, 14108, 14120}}, 15000},
    {"stuck leaves the others alone", {{0, 1}, {11000, 5}, {11100, 1}, {12000, 1}, END},
     {{STUCK, 1, 10000, 10010}, {PRESS, 3, 11008, 11020}}, 13000},
    {"two together are a chord", {{0, 0}, {100, 3}, {300, 0}, END}, {{CHORD, 1, 108, 120}, {CHORD, 2, 108, 120}}, 500},
    {"the second within 30 ms is a chord", {{0, 0}, {100, 1}, {120, 3}, {300, 0}, END},
     {{PRESS, 1, 108, 120}, {CHORD, 2, 128, 140}}, 500},
    {"the first too when contacts closed within 5 ms", {{0, 0}, {100, 4}, {105, 12}, {300, 0}, END},
     {{CHORD, 3, 108, 120}, {CHORD, 4, 108, 125}}, 500},
    {"45 ms apart is none", {{0, 0}, {100, 1}, {145, 3}, {300, 0}, END}, {{PRESS, 1, 108, 120}, {PRESS, 2, 153, 165}}, 500},
    {"held and another is none", {{0, 0}, {100, 1}, {2000, 3}, {2100, 1}, {2200, 0}, END},
     {{PRESS, 1, 108, 120}, {PRESS, 2, 2008, 2020}}, 3000},
    {"four hands", {{0, 0}, {100, 15}, {300, 0}, END},
     {{CHORD, 1, 108, 120}, {CHORD, 2, 108, 120}, {CHORD, 3, 108, 120}, {CHORD, 4, 108, 120}}, 500},
};

static const struct pins_at *pins_until(const struct table *table, uint32_t ms)
{
    const struct pins_at *at = table->pins;
    while (at[1].ms != UINT32_MAX && at[1].ms <= ms) {
        at++;
    }
    return at;
}

static unsigned expected_count(const struct table *table)
{
    unsigned count = 0;
    while (count < 6 && table->events[count].button != 0) {
        count++;
    }
    return count;
}

static void take(const struct table *table, unsigned *seen, enum kind kind, uint8_t button, uint32_t ms)
{
    CHECK(*seen < expected_count(table));
    const struct expected *expected = &table->events[*seen];
    CHECK(expected->kind == kind && expected->button == button);
    CHECK(ms >= expected->from_ms && ms <= expected->to_ms);
    (*seen)++;
}

static void replay(const struct table *table, enum rate rate, uint32_t start)
{
    struct debounce debounce;
    debounce_open(&debounce, start);
    struct pace pace = pace_start(rate);
    unsigned seen = 0;
    while (pace.us / 1000 < table->end_ms) {
        const uint32_t ms = (uint32_t)(pace.us / 1000);
        const struct debounce_events events = debounce_update(&debounce, pins_until(table, ms)->pins, start + ms);
        for (uint8_t i = 0; i < DEBOUNCE_BUTTONS; i++) {
            const uint8_t bit = (uint8_t)(1u << i);
            if (events.pressed & bit) {
                take(table, &seen, events.chord & bit ? CHORD : PRESS, (uint8_t)(i + 1), ms);
            }
            if (events.stuck & bit) {
                take(table, &seen, STUCK, (uint8_t)(i + 1), ms);
            }
        }
        pace_step(&pace);
    }
    CHECK(seen == expected_count(table));
}

void test_debounce(void)
{
    /* The last start makes the clock wrap inside every table. */
    static const uint32_t starts[] = {0, 123456789, UINT32_MAX - 110, UINT32_MAX - 10050};
    for (unsigned t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (enum rate rate = 0; rate < RATES; rate++) {
            for (unsigned s = 0; s < sizeof starts / sizeof starts[0]; s++) {
                check_case("debounce: %s, %s, from %u", tables[t].name, rate_names[rate], (unsigned)starts[s]);
                replay(&tables[t], rate, starts[s]);
            }
        }
    }
}
