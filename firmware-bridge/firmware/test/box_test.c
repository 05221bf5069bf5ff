#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "layout.h"
#include "world.h"

/* The whole box at each loop rate, against PROTOCOL.md §9 to §13. */

static struct world world;

static void start(const char *name, enum rate rate)
{
    check_case("box: %s, %s", name, rate_names[rate]);
    memset(&world, 0, sizeof world);
    world_identify();
    world_boot(&world, rate);
    world_run(&world, 200);
}

/* Field number of a line, fields counted as in PROTOCOL.md §5. */
static uint32_t field(const char *line, unsigned number)
{
    while (number > 0 && line) {
        line = strchr(line, ',');
        line = line ? line + 1 : NULL;
        number--;
    }
    return line ? (uint32_t)strtoul(line, NULL, 10) : UINT32_MAX;
}

static bool begins(const char *line, const char *text)
{
    return strncmp(line, text, strlen(text)) == 0;
}

static void test_hello(enum rate rate)
{
    start("says H after boot and every second", rate);
    CHECK(world_heard("H,1," WORLD_ID ",1,1,1,0,0,0,") == 1);
    CHECK(world_heard("E") == 0);
    world_watch(&world);
    world_run(&world, 10000);
    CHECK(world_heard("H,1," WORLD_ID ",1,1,1,0,0,0,") >= 9 && fake_sent.count <= 10);
    world_boot(&world, rate);
    world_run(&world, 200);
    CHECK(world_heard("H,1," WORLD_ID ",2,1,1,0,0,0,") == 1);
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
    const uint32_t age = field(world_last("E"), 4);
    CHECK(age >= 20 && age <= (rate == RATE_3_MS_JITTERED ? 60 : 35) && field(world_last("E"), 5) == 0);
    world.pins = 0;
    world_say(&world, "A," WORLD_ID ",1,0");
    world_watch(&world);
    world_run(&world, 3000);
    CHECK(world_heard("E") == 0);
    CHECK(begins(world_last("H"), "H,1," WORLD_ID ",1,1,2,0,0,0,"));
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
    CHECK(field(world_last("E"), 4) > 7000);
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
        CHECK(field(world_last("H"), 6) == 2);
    }
    start("keeps its press at an ack with a wrong CRC", rate);
    world_press(&world, 1);
    world_say_raw(&world, "A," WORLD_ID ",1,0*0000\n");
    world_run(&world, 2200);
    CHECK(field(world_last("H"), 6) == 1 && field(world_last("H"), 8) == 1);
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
    CHECK(field(world_last("H"), 6) == 1 && world_heard("E," WORLD_ID ",2,2,") >= 2);
    CHECK((world.lights & LIGHTS_AMBER) == 0);
    world_say(&world, "A," WORLD_ID ",2,0");
    world_run(&world, 1500);
    CHECK(field(world_last("H"), 6) == 0);
}

static void test_reboot(enum rate rate)
{
    start("after a power cut: H, then E with age -, sequence goes on", rate);
    world_press(&world, 3);
    world_press(&world, 3);
    world_boot(&world, rate);
    world_run(&world, 400);
    CHECK(begins(fake_sent.lines[0], "H,1," WORLD_ID ",2,1,3,2,"));
    CHECK(begins(world_last("E"), "E," WORLD_ID ",1,3,-,0*"));
    world_say(&world, "A," WORLD_ID ",2,0"); /* left over from before the cut */
    world_run(&world, 1000);
    CHECK(field(world_last("H"), 6) == 2);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 100);
    world_say(&world, "A," WORLD_ID ",2,0");
    world_press(&world, 1);
    CHECK(world_heard("E," WORLD_ID ",3,1,") >= 1 && strstr(world_last("E"), ",-,") == NULL);
}

static void test_held_at_boot(enum rate rate)
{
    start("a button held over a power cut presses once", rate);
    world.pins = 1;
    world_run(&world, 100);
    world_boot(&world, rate);
    world_run(&world, 1500);
    CHECK(field(world_last("H"), 5) == 2);
    world.pins = 0;
    world_run(&world, 100);
    world_press(&world, 1);
    world_run(&world, 1500);
    CHECK(field(world_last("H"), 5) == 3);
}

static void test_identity(enum rate rate)
{
    check_case("box: without identity: N, refuses visibly, takes the first S, %s", rate_names[rate]);
    memset(&world, 0, sizeof world);
    world_erase();
    world_boot(&world, rate);
    world_run(&world, 3100);
    CHECK(world_heard("N*48FA") >= 3 && world_heard("N*48FA") == fake_sent.count);
    CHECK(world.lights == LIGHTS_RED);
    world_watch(&world);
    world_press(&world, 1);
    CHECK(world.lights == (LIGHTS_AMBER | LIGHTS_RED));
    world_say(&world, "W");
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 10);
    CHECK(world_heard("N") == fake_sent.count && fake_sent.count >= 1);
    world_say(&world, "S,00000000");
    world_say(&world, "S," WORLD_ID);
    world_say(&world, "S,12345678");
    world_run(&world, 100);
    CHECK(world_heard("H,1," WORLD_ID ",1,1,1,0,1,1,") == 1); /* one press dropped, one S malformed */
    world_say(&world, "S,87654321");
    world_press(&world, 2);
    CHECK(world_heard("E," WORLD_ID ",1,2,") >= 1);
    world_boot(&world, rate);
    world_run(&world, 100);
    CHECK(world_heard("H,1," WORLD_ID ",2,") == 1);
}

static void test_torn_identity(void)
{
    for (unsigned write = 0; write < LAYOUT_NUMBER_BYTES; write++) {
        check_case("box: power cut in byte %u of the identity", write);
        memset(&world, 0, sizeof world);
        world_erase();
        world_boot(&world, RATE_1_MS);
        world_run(&world, 200);
        fake_cut_at(write, 0x55);
        world_say(&world, "S," WORLD_ID);
        world_run(&world, 200);
        CHECK(!fake_has_power && world_heard("H") == 0);
        world_boot(&world, RATE_1_MS);
        world_run(&world, 200);
        CHECK(world_heard("N") >= 1 && world_heard("H") == 0);
        world_say(&world, "S,12345678");
        world_run(&world, 200);
        CHECK(world_heard("H,1,12345678,") == 1);
    }
}

static void test_lost_identity(void)
{
    check_case("box: only the identity lost: presses go on under the new one (PROTOCOL.md §11.5)");
    memset(&world, 0, sizeof world);
    world_identify();
    world_boot(&world, RATE_1_MS);
    world_run(&world, 200);
    world_press(&world, 1);
    fake_eeprom[LAYOUT_IDENTITY] ^= 1;
    world_boot(&world, RATE_1_MS);
    world_run(&world, 2000);
    CHECK(world_heard("E") == 0 && world_heard("N") >= 1);
    world_say(&world, "S,0badf00d");
    world_run(&world, 200);
    CHECK(world_heard("H,1,0badf00d,2,1,2,1,") == 1 && world_heard("E,0badf00d,1,1,-,0") >= 1);
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
    CHECK(field(world_last("H"), 5) == 125 && field(world_last("H"), 6) == 124 && field(world_last("H"), 7) == 2);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_watch(&world);
    world_press(&world, 2);
    world_run(&world, 1100);
    CHECK((world.lights & (LIGHTS_RED | LIGHTS_GREEN)) == LIGHTS_GREEN);
    CHECK(field(world_last("H"), 5) == 126 && field(world_last("H"), 6) == 124 && field(world_last("H"), 7) == 2);
}

static const char *const rubbish[] = {
    "W*0000\n", "W*cbe2\n", "W\n", "x\n", "\r\n", "W*CBE2\r\n", "\xFFW*CBE2\n", "W,*1234\n",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\n",
};

static void test_rubbish(enum rate rate)
{
    start("counts each bad line once, and the good one behind it counts", rate);
    const unsigned kinds = sizeof rubbish / sizeof rubbish[0];
    for (unsigned i = 0; i < kinds; i++) {
        world_say_raw(&world, rubbish[i]);
    }
    world_say_raw(&world, "\n\n\n");        /* empty: not bad */
    world_say(&world, "A,12345678,1,0");    /* well-formed, not for this box: not bad */
    world_say(&world, "S,12345678");
    world_watch(&world);
    world_say_raw(&world, "half a li");
    world_say_raw(&world, "\n");
    world_say(&world, "W");
    world_run(&world, 10);
    CHECK(world_heard("H") == 1 && field(world_last("H"), 8) == kinds + 1);
}

static void test_host_here(enum rate rate)
{
    start("W: H at once, then the oldest, repeats from the start", rate);
    world_press(&world, 1);
    world_run(&world, 6000);
    world_watch(&world);
    world_say(&world, "W");
    world_run(&world, 10);
    CHECK(fake_sent.count == 2 && fake_sent.lines[0][0] == 'H' && fake_sent.lines[1][0] == 'E');
    world_run(&world, 160);
    CHECK(world_heard("E") == 2);
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
    CHECK(world.lights == 0 && field(world_last("H"), 6) == 0);
}

static void test_stuck(enum rate rate)
{
    start("a stuck button: its press, one notice without green, then silence", rate);
    world.pins = 4;
    world_run(&world, 9000);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_watch(&world);
    world_run(&world, 1500);
    CHECK(world_heard("E," WORLD_ID ",2,3,") >= 1 && field(world_last("E"), 5) == JOURNAL_FLAG_STUCK);
    CHECK((world.lights & LIGHTS_GREEN) == 0);
    world_run(&world, 20000);
    CHECK(field(world_last("H"), 5) == 3);
}

static void test_chord(enum rate rate)
{
    start("a chord: both flagged, both kept", rate);
    world.pins = 9;
    world_run(&world, 100);
    world.pins = 0;
    world_run(&world, 100);
    CHECK(world_heard("E," WORLD_ID ",1,1,") >= 1 && field(world_last("E"), 5) == JOURNAL_FLAG_CHORD);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 20);
    CHECK(world_heard("E," WORLD_ID ",2,4,") >= 1 && field(world_last("E"), 5) == JOURNAL_FLAG_CHORD);
}

static void test_blocked_wire(enum rate rate)
{
    start("a wire without room delays and loses nothing", rate);
    fake_is_wire_full = true;
    world_press(&world, 1);
    world_run(&world, 3000);
    world_watch(&world);
    fake_is_wire_full = false;
    world_run(&world, 10);
    CHECK(fake_sent.count == 2 && world_heard("H") == 1 && world_heard("E," WORLD_ID ",1,1,") == 1);
}

static void test_clock_wrap(enum rate rate)
{
    check_case("box: the clock wraps in the middle of it all, %s", rate_names[rate]);
    memset(&world, 0, sizeof world);
    world.start_ms = UINT32_MAX - 3000;
    world_identify();
    world_boot(&world, rate);
    world_run(&world, 2900);
    world_press(&world, 2);
    world_watch(&world);
    world_run(&world, 4000);
    CHECK(world_heard("H") >= 3 && world_heard("E," WORLD_ID ",1,2,") >= 3);
    CHECK(field(world_last("E"), 4) > 1000 && field(world_last("E"), 4) < 4500);
    CHECK(field(world_last("H"), 9) < 4500);
}

void test_box(void)
{
    for (enum rate rate = 0; rate < RATES; rate++) {
        test_hello(rate);
        test_press(rate);
        test_repeats(rate);
        test_useless_acks(rate);
        test_stale_ack(rate);
        test_reboot(rate);
        test_held_at_boot(rate);
        test_identity(rate);
        test_full(rate);
        test_rubbish(rate);
        test_host_here(rate);
        test_waiting(rate);
        test_stuck(rate);
        test_chord(rate);
        test_blocked_wire(rate);
        test_clock_wrap(rate);
    }
    test_torn_identity();
    test_lost_identity();
}
