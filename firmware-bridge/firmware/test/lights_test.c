#include "check.h"
#include "lights.h"

/* Share of a second, in ms, in which light is lit. */
static unsigned lit_ms(struct lights *lights, enum lights_idle idle, uint8_t light, uint32_t from)
{
    unsigned count = 0;
    for (uint32_t now = from; now != from + 1000; now++) {
        count += (lights_update(lights, idle, now) & light) != 0;
    }
    return count;
}

static void test_signs(uint32_t start)
{
    check_case("lights: tick 40 ms, green 600, red 800, from %u (PROTOCOL.md §12)", (unsigned)start);
    struct lights lights = {.updated_at = start};
    lights_show(&lights, LIGHTS_TICK, start);
    CHECK(lit_ms(&lights, LIGHTS_CALM, LIGHTS_AMBER, start) == 40);
    lights_show(&lights, LIGHTS_COMMITTED, start + 1000);
    CHECK(lit_ms(&lights, LIGHTS_CALM, LIGHTS_GREEN, start + 1000) == 600);
    lights_show(&lights, LIGHTS_REFUSED, start + 2000);
    CHECK(lit_ms(&lights, LIGHTS_CALM, LIGHTS_RED, start + 2000) == 800);
    check_case("lights: a new press ends green, from %u", (unsigned)start);
    lights_show(&lights, LIGHTS_COMMITTED, start + 3000);
    CHECK(lights_update(&lights, LIGHTS_CALM, start + 3100) == LIGHTS_GREEN);
    lights_show(&lights, LIGHTS_TICK, start + 3100);
    CHECK(lights_update(&lights, LIGHTS_CALM, start + 3101) == LIGHTS_AMBER);
}

static void test_blinking(void)
{
    struct lights lights = {0};
    check_case("lights: blinking");
    CHECK(lit_ms(&lights, LIGHTS_CALM, 7, 0) == 0);
    CHECK(lit_ms(&lights, LIGHTS_WAITING, LIGHTS_AMBER, 1000) == 250);
    CHECK(lit_ms(&lights, LIGHTS_HOST_REFUSES, LIGHTS_AMBER, 2000) == 500);
    CHECK(lit_ms(&lights, LIGHTS_NO_IDENTITY, LIGHTS_RED, 3000) == 50);
    check_case("lights: quiet shows nothing by itself and answers a press, dimmed");
    lights.mode = LIGHTS_MODE_QUIET;
    CHECK(lit_ms(&lights, LIGHTS_WAITING, 7, 4000) == 0 && lit_ms(&lights, LIGHTS_NO_IDENTITY, 7, 5000) == 0);
    lights_show(&lights, LIGHTS_COMMITTED, 6000);
    CHECK(lit_ms(&lights, LIGHTS_WAITING, LIGHTS_GREEN, 6000) == 600 && lights_is_dimmed(&lights));
    check_case("lights: dim blinks dimmed, normal doesn't dim");
    lights.mode = LIGHTS_MODE_DIM;
    CHECK(lights_is_dimmed(&lights) && lit_ms(&lights, LIGHTS_WAITING, LIGHTS_AMBER, 7000) == 250);
    lights.mode = LIGHTS_MODE_NORMAL;
    CHECK(!lights_is_dimmed(&lights));
    check_case("lights: dark for days, then a blink has its length");
    CHECK(lit_ms(&lights, LIGHTS_WAITING, LIGHTS_AMBER, 3000000000u) == 250);
}

void test_lights(void)
{
    test_signs(0);
    test_signs(UINT32_MAX - 20);
    test_signs(UINT32_MAX - 1300);
    test_blinking();
}
