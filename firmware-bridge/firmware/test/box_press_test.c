#include <stdio.h>
#include <string.h>

#include "check.h"
#include "world.h"

/* What becomes of a press: PROTOCOL.md §9, §12, §13, at each loop rate. */

static struct world world;

static void start(const char *name, enum rate rate)
{
    check_case("box: %s, %s", name, rate_names[rate]);
    memset(&world, 0, sizeof world);
    world_identify();
    world_boot(&world, rate);
    world_run(&world, 200);
}

static void test_press(enum rate rate)
{
    start("a press: tick, commit, green, E, ack", rate);
    world_watch(&world);
    world.pins = 2;
    world_run(&world, 19);
    CHECK(world.lights == LIGHTS_AMBER && world_heard("E") == 0);
    world_run(&world, 80);
    CHECK(world.lights == (LIGHTS_AMBER | LIGHTS_GREEN) && world_heard("E," WORLD_ID ",1,2,") == 1);
    const uint32_t age = world_field(world_last("E"), 4);
    CHECK(age >= 20 && age <= (rate == RATE_3_MS_JITTERED ? 60 : 35) && world_field(world_last("E"), 5) == 0);
    world.pins = 0;
    world_say(&world, "A," WORLD_ID ",1,0");
    world_watch(&world);
    world_run(&world, 3000);
    CHECK(world_heard("E") == 0);
    CHECK(world_begins(world_last("H"), "H,1," WORLD_ID ",1,1,2,0,0,0,"));
    CHECK(fake_eeprom[LAYOUT_JOURNAL + LAYOUT_SLOT_BYTES + 5] == 0);
}

static void test_repeats(enum rate rate)
{
    start("repeats with a growing age until the ack, then the next at once", rate);
    world_press(&world, 1);
    world_press(&world, 4);
    world_watch(&world);
    world_run(&world, 10000);
    CHECK(world_heard("E," WORLD_ID ",1,1,") >= 5 && world_heard("E," WORLD_ID ",1,1,") <= 8);
    CHECK(world_heard("E," WORLD_ID ",2,") == 0);
    CHECK(world_field(world_last("E"), 4) > 7000);
    world_watch(&world);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 10);
    CHECK(world_heard("E," WORLD_ID ",2,4,") == 1);
}

/* Each of these must leave press 1 undelivered. */
static const char *const useless[] = {
    "A,3f9c02d8,1,0",              /* another box */
    "A," WORLD_ID ",3,0",          /* never committed */
    "A," WORLD_ID ",2,0",          /* committed, not sent yet */
    "A," WORLD_ID ",4294967294,0", /* the far future */
    "A," WORLD_ID ",0,0",          /* no sequence */
    "A," WORLD_ID ",1,1",          /* no such status */
    "A," WORLD_ID ",1",            /* a field missing */
    "A," WORLD_ID ",1,0,0",        /* one too many */
    "A," WORLD_ID ",1,2",          /* not now */
    "S,12345678",                  /* it has an identity */
    "L,1",
};

static void test_useless_acks(enum rate rate)
{
    for (unsigned i = 0; i < sizeof useless / sizeof useless[0]; i++) {
        char name[80];
        snprintf(name, sizeof name, "keeps its press at %s", useless[i]);
        start(name, rate);
        world_press(&world, 1);
        world_press(&world, 2);
        world_say(&world, useless[i]);
        world_watch(&world);
        world_run(&world, 5200);
        CHECK(world_heard("E," WORLD_ID ",1,1,") >= 1 && world_heard("E," WORLD_ID ",2,") == 0);
        CHECK(world_field(world_last("H"), 6) == 2);
    }
    start("keeps its press at an ack with a wrong CRC", rate);
    world_press(&world, 1);
    world_say_raw(&world, "A," WORLD_ID ",1,0*0000\n");
    world_run(&world, 2200);
    CHECK(world_field(world_last("H"), 6) == 1 && world_field(world_last("H"), 8) == 1);
}

static void test_stale_ack(enum rate rate)
{
    start("an ack counts once, an old one changes nothing", rate);
    world_press(&world, 1);
    world_press(&world, 2);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 20);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_say(&world, "A," WORLD_ID ",1,2");
    world_watch(&world);
    world_run(&world, 1500);
    CHECK(world_field(world_last("H"), 6) == 1 && world_heard("E," WORLD_ID ",2,2,") >= 2);
    CHECK((world.lights & LIGHTS_AMBER) == 0);
    world_say(&world, "A," WORLD_ID ",2,0");
    world_run(&world, 1500);
    CHECK(world_field(world_last("H"), 6) == 0);
}

static void test_held_at_boot(enum rate rate)
{
    start("a button held over a power cut presses once", rate);
    world.pins = 1;
    world_run(&world, 100);
    world_boot(&world, rate);
    world_run(&world, 1500);
    CHECK(world_field(world_last("H"), 5) == 2);
    world.pins = 0;
    world_run(&world, 100);
    world_press(&world, 1);
    world_run(&world, 1500);
    CHECK(world_field(world_last("H"), 5) == 3);
}

static void test_after_seven_weeks(void)
{
    start("nothing is forgotten when the clock comes round", RATE_1_MS);
    world_press(&world, 1);
    world_run(&world, 6000);
    world.box.journal.pressed_at[1] = JOURNAL_VERY_OLD;
    world.box.taken_at = world.box.sampled_at; /* as it looks 49.7 days later */
    world_watch(&world);
    world_run(&world, 3000);
    CHECK(world.lights == LIGHTS_AMBER);
    CHECK(world_begins(world_last("E"), "E," WORLD_ID ",1,1,4294967295,0*"));
}

static void test_full(enum rate rate)
{
    start("a full ring refuses, red and counted, and takes again after an ack", rate);
    for (unsigned i = 0; i < LAYOUT_SLOTS; i++) {
        world_press(&world, 1);
    }
    world_run(&world, 1000);
    world_watch(&world);
    world_press(&world, 2);
    world_press(&world, 2);
    world_run(&world, 1100);
    CHECK((world.lights & (LIGHTS_RED | LIGHTS_GREEN)) == LIGHTS_RED);
    CHECK(world_field(world_last("H"), 5) == 125 && world_field(world_last("H"), 6) == 124 && world_field(world_last("H"), 7) == 2);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_watch(&world);
    world_press(&world, 2);
    world_run(&world, 1100);
    CHECK((world.lights & (LIGHTS_RED | LIGHTS_GREEN)) == LIGHTS_GREEN);
    CHECK(world_field(world_last("H"), 5) == 126 && world_field(world_last("H"), 6) == 124 && world_field(world_last("H"), 7) == 2);
}

static void test_waiting(enum rate rate)
{
    start("amber when nothing is taken for 5 s, dark again with the ack", rate);
    world_press(&world, 1);
    world_run(&world, 1000);
    world_watch(&world);
    world_run(&world, 3500);
    CHECK(world.lights == 0);
    world_run(&world, 2000);
    CHECK(world.lights == LIGHTS_AMBER);
    world_say(&world, "L,2");
    world_run(&world, 10);
    world_watch(&world);
    world_run(&world, 2000);
    CHECK(world.lights == 0);
    world_say(&world, "L,0");
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 10);
    world_watch(&world);
    world_run(&world, 2000);
    CHECK(world.lights == 0);

    start("amber at once when the host can't store, until it can", rate);
    world_press(&world, 1);
    world_run(&world, 1000);
    world_say(&world, "A," WORLD_ID ",1,2");
    world_watch(&world);
    world_run(&world, 600);
    CHECK(world.lights == LIGHTS_AMBER);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 10);
    world_watch(&world);
    world_run(&world, 1000);
    CHECK(world.lights == 0 && world_field(world_last("H"), 6) == 0);
}

static void test_stuck(enum rate rate)
{
    start("a stuck button: its press, one notice without green, then silence", rate);
    world.pins = 4;
    world_run(&world, 9000);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_watch(&world);
    world_run(&world, 1500);
    CHECK(world_heard("E," WORLD_ID ",2,3,") >= 1 && world_field(world_last("E"), 5) == JOURNAL_FLAG_STUCK);
    CHECK((world.lights & LIGHTS_GREEN) == 0);
    world_run(&world, 20000);
    CHECK(world_field(world_last("H"), 5) == 3);
}

static void test_chord(enum rate rate)
{
    start("a chord: both flagged, both kept", rate);
    world.pins = 9;
    world_run(&world, 100);
    world.pins = 0;
    world_run(&world, 100);
    CHECK(world_heard("E," WORLD_ID ",1,1,") >= 1 && world_field(world_last("E"), 5) == JOURNAL_FLAG_CHORD);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 20);
    CHECK(world_heard("E," WORLD_ID ",2,4,") >= 1 && world_field(world_last("E"), 5) == JOURNAL_FLAG_CHORD);
}

void test_box_press(void)
{
    for (enum rate rate = 0; rate < RATES; rate++) {
        test_press(rate);
        test_repeats(rate);
        test_useless_acks(rate);
        test_stale_ack(rate);
        test_held_at_boot(rate);
        test_full(rate);
        test_waiting(rate);
        test_stuck(rate);
        test_chord(rate);
    }
    test_after_seven_weeks();
}
