#include "check.h"
#include "line.h"
#include "sender.h"

static void test_repeats(void)
{
    check_case("sender: 150 ms, doubling to 2400, then every 2400 (PROTOCOL.md §9.2)");
    static const uint32_t gaps_ms[] = {150, 300, 600, 1200, 2400, 2400, 2400};
    struct sender sender = {0};
    uint32_t now = UINT32_MAX - 1000; /* wraps on the way */
    CHECK(sender_is_due(&sender, 5, now));
    sender_sent(&sender, 5, now);
    for (unsigned i = 0; i < sizeof gaps_ms / sizeof gaps_ms[0]; i++) {
        CHECK(!sender_is_due(&sender, 5, now));
        CHECK(!sender_is_due(&sender, 5, now + gaps_ms[i] - 1));
        now += gaps_ms[i];
        CHECK(sender_is_due(&sender, 5, now));
        sender_sent(&sender, 5, now);
    }
    check_case("sender: the next press goes at once, from the start");
    CHECK(sender_is_due(&sender, 6, now));
    sender_sent(&sender, 6, now);
    CHECK(!sender_is_due(&sender, 6, now + 149) && sender_is_due(&sender, 6, now + 150));
    check_case("sender: W sends at once, from the start");
    sender_sent(&sender, 6, now + 150);
    sender_rewind(&sender);
    CHECK(sender_is_due(&sender, 6, now + 151));
    sender_sent(&sender, 6, now + 151);
    CHECK(sender_is_due(&sender, 6, now + 301));
}

static void test_acks(void)
{
    struct sender sender = {0};
    check_case("sender: nothing was sent, nothing is acknowledged (PROTOCOL.md §9.3)");
    CHECK(!sender_obey_ack(&sender, 1, LINE_ACK_COMMITTED));
    CHECK(!sender_obey_ack(&sender, 4294967294u, LINE_ACK_COMMITTED));
    check_case("sender: only what was sent");
    sender_sent(&sender, 7, 0);
    CHECK(!sender_obey_ack(&sender, 8, LINE_ACK_COMMITTED));
    CHECK(sender_obey_ack(&sender, 7, LINE_ACK_COMMITTED));
    CHECK(sender_obey_ack(&sender, 3, LINE_ACK_COMMITTED));
    check_case("sender: status 2 is for the press in flight, and slows it down");
    CHECK(!sender_obey_ack(&sender, 6, LINE_ACK_NOT_NOW) && !sender.is_refused);
    CHECK(!sender_obey_ack(&sender, 8, LINE_ACK_NOT_NOW) && !sender.is_refused);
    CHECK(!sender_obey_ack(&sender, 7, LINE_ACK_NOT_NOW) && sender.is_refused);
    CHECK(!sender_is_due(&sender, 7, 2399) && sender_is_due(&sender, 7, 2400));
    sender_sent(&sender, 7, 2400);
    CHECK(!sender_is_due(&sender, 7, 4799) && sender_is_due(&sender, 7, 4800));
    check_case("sender: a stale ack doesn't end the refusal, the right one does");
    CHECK(sender_obey_ack(&sender, 6, LINE_ACK_COMMITTED) && sender.is_refused);
    CHECK(sender_obey_ack(&sender, 7, LINE_ACK_COMMITTED) && !sender.is_refused);
    check_case("sender: W ends it too");
    sender_sent(&sender, 8, 5000);
    sender_obey_ack(&sender, 8, LINE_ACK_NOT_NOW);
    sender_rewind(&sender);
    CHECK(!sender.is_refused && sender_is_due(&sender, 8, 5000));
    check_case("sender: after W an ack of what was sent before still counts");
    CHECK(sender_obey_ack(&sender, 8, LINE_ACK_COMMITTED));
}

void test_sender(void)
{
    test_repeats();
    test_acks();
}
