#include <string.h>

#include "check.h"
#include "world.h"

/* Boots, identity and conversation: PROTOCOL.md §8 to §11 and §14, at each loop rate. */

static struct world world;

static void start(const char *name, enum rate rate)
{
    check_case("box: %s, %s", name, rate_names[rate]);
    memset(&world, 0, sizeof world);
    world_identify();
    world_boot(&world, rate);
    world_run(&world, 200);
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

static void test_reboot(enum rate rate)
{
    start("after a power cut: H, then E with age -, sequence goes on", rate);
    world_press(&world, 3);
    world_press(&world, 3);
    world_boot(&world, rate);
    world_run(&world, 400);
    CHECK(world_begins(fake_sent.lines[0], "H,1," WORLD_ID ",2,1,3,2,"));
    CHECK(world_begins(world_last("E"), "E," WORLD_ID ",1,3,-,0*"));
    world_say(&world, "A," WORLD_ID ",2,0"); /* left over from before the cut */
    world_run(&world, 1000);
    CHECK(world_field(world_last("H"), 6) == 2);
    world_say(&world, "A," WORLD_ID ",1,0");
    world_run(&world, 100);
    world_say(&world, "A," WORLD_ID ",2,0");
    world_press(&world, 1);
    CHECK(world_heard("E," WORLD_ID ",3,1,") >= 1 && strstr(world_last("E"), ",-,") == NULL);
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

static void test_stuck_without_identity(void)
{
    check_case("box: without identity a stuck button is dropped silently (PROTOCOL.md §9.4)");
    memset(&world, 0, sizeof world);
    world_erase();
    world_boot(&world, RATE_1_MS);
    world.pins = 8;
    world_run(&world, 11000);
    world.pins = 0;
    world_say(&world, "S," WORLD_ID);
    world_run(&world, 100);
    CHECK(world_heard("H,1," WORLD_ID ",1,1,1,0,0,0,") == 1 && world_heard("E") == 0);
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

static void test_torn_boot(void)
{
    for (unsigned write = 0; write < LAYOUT_NUMBER_BYTES; write++) {
        check_case("box: power cut in byte %u of the boot number: nothing was said", write);
        memset(&world, 0, sizeof world);
        world_identify();
        world_boot(&world, RATE_1_MS);
        world_say(&world, "W");
        fake_cut_at(write, 0x55);
        world_run(&world, 1500);
        CHECK(!fake_has_power && fake_sent.count == 0);
        world_boot(&world, RATE_1_MS);
        world_run(&world, 200);
        CHECK(world_heard("H,1," WORLD_ID ",1,") == 1);
    }
}

static void test_cause(void)
{
    for (uint8_t cause = 0; cause <= 4; cause++) {
        check_case("box: tells reset cause %u", cause);
        memset(&world, 0, sizeof world);
        world_identify();
        world_boot(&world, RATE_1_MS);
        box_open(&world.box, cause, 0);
        world_run(&world, 100);
        CHECK(world_field(world_last("H"), 4) == cause);
    }
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
    CHECK(world_heard("H") == 1 && world_field(world_last("H"), 8) == kinds + 1);
}

static void test_counters(void)
{
    start("counters stop at their highest value (PROTOCOL.md §5.1)", RATE_1_MS);
    world.box.bad = UINT32_MAX - 1;
    world_say_raw(&world, "x\nx\nx\n");
    world_run(&world, 1100);
    CHECK(world_heard("H") >= 1 && world_field(world_last("H"), 8) == UINT32_MAX);
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
    CHECK(world_field(world_last("E"), 4) > 1000 && world_field(world_last("E"), 4) < 4500);
    CHECK(world_field(world_last("H"), 9) < 4500);
}

void test_box_session(void)
{
    for (enum rate rate = 0; rate < RATES; rate++) {
        test_hello(rate);
        test_reboot(rate);
        test_identity(rate);
        test_rubbish(rate);
        test_host_here(rate);
        test_blocked_wire(rate);
        test_clock_wrap(rate);
    }
    test_stuck_without_identity();
    test_torn_identity();
    test_lost_identity();
    test_torn_boot();
    test_cause();
    test_counters();
}
