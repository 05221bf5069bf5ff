#include "journal.h"

#include <string.h>

#include "check.h"
#include "crc16.h"
#include "fake_port.h"
#include "journal_rig.h"

/* PROTOCOL.md §9.1 and §14: what the ring keeps, over a power cut in every byte that is ever written. */

struct base {
    const char *name;
    uint32_t first;
    uint32_t last;
    uint32_t delivered;
};

/* last 0 is an erased EEPROM. Carries of the sequence into its higher bytes, and each way the ring can lie. */
static const struct base bases[] = {
    {"erased", 1, 0, 0},
    {"one waiting", 1, 1, 0},
    {"five, two waiting", 1, 5, 3},
    {"ring just full of delivered ones", 1, 124, 124},
    {"second round, all delivered", 1, 200, 200},
    {"second round, 40 waiting", 1, 200, 160},
    {"123 waiting", 1, 300, 177},
    {"carry into byte 1", 100, 255, 250},
    {"old record one carry below", 200, 379, 370},
    {"carry into byte 2", 65400, 65535, 65530},
    {"carry into byte 3", 16777100, 16777215, 16777215},
    {"near the end of the sequence", 4294967000u, 4294967290u, 4294967280u},
};
#define BASES (sizeof bases / sizeof bases[0])

static void check_reboot(const struct base *base, uint32_t last)
{
    struct rig rig;
    rig_boot(&rig);
    CHECK(rig.journal.committed == last && rig.journal.accepted == last);
    rig_check_pending(&rig, base->delivered + 1, last);
}

/* After the cut the box goes on: the next press gets the next sequence, and both reboots agree. */
static void check_goes_on(const struct base *base, uint32_t last)
{
    check_reboot(base, last);
    struct rig rig;
    rig_boot(&rig);
    if (last - base->delivered == LAYOUT_SLOTS) {
        CHECK(!rig_press(&rig));
        return;
    }
    CHECK(rig_press(&rig) && rig.journal.accepted == last + 1);
    CHECK(rig_settle(&rig));
    check_reboot(base, last + 1);
}

static void cut_press(const struct base *base, const uint8_t *image, unsigned write, uint8_t torn, bool *was_cut)
{
    struct rig rig;
    memcpy(fake_eeprom, image, sizeof fake_eeprom);
    rig_boot(&rig);
    CHECK(rig_press(&rig));
    fake_cut_at(write, torn);
    *was_cut = !rig_settle(&rig);
    /* Torn or not, what is in the cells decides: the press counts when every byte of it is right. */
    rig_boot(&rig);
    CHECK(rig.journal.committed == base->last || rig.journal.committed == base->last + 1);
    const bool came_through = rig.journal.committed == base->last + 1;
    CHECK(*was_cut || came_through);
    check_goes_on(base, base->last + came_through);
}

static void test_cut_presses(void)
{
    static uint8_t image[1024];
    for (unsigned b = 0; b < BASES; b++) {
        struct rig rig;
        rig_prepare(&rig, bases[b].first, bases[b].last, bases[b].delivered);
        memcpy(image, fake_eeprom, sizeof image);
        bool was_cut = true;
        for (unsigned write = 0; was_cut; write++) {
            check_case("journal: %s, a press cut in write %u", bases[b].name, write);
            CHECK(write < 12);
            for (unsigned torn = 0; torn < 256; torn += write % 2 ? 5 : 3) {
                cut_press(&bases[b], image, write, (uint8_t)torn, &was_cut);
            }
        }
    }
}

/* A press whose last byte wasn't begun never appears, whatever the torn byte holds: the delivered byte sees to it. */
static void test_uncommitted_never_appears(void)
{
    static uint8_t image[1024];
    check_case("journal: no torn value makes an uncommitted press appear");
    struct rig rig;
    rig_prepare(&rig, 1, 300, 300);
    memcpy(image, fake_eeprom, sizeof image);
    const unsigned writes_of_a_press = 6; /* two of the sequence, press byte or not, delivered, CRC */
    for (unsigned write = 0; write + 2 < writes_of_a_press; write++) {
        for (unsigned torn = 0; torn < 256; torn++) {
            memcpy(fake_eeprom, image, sizeof image);
            rig_boot(&rig);
            CHECK(rig_press(&rig));
            fake_cut_at(write, (uint8_t)torn);
            CHECK(!rig_settle(&rig));
            rig_boot(&rig);
            CHECK(rig.journal.committed == 300 && rig.journal.pending == 0);
        }
    }
}

static void test_cut_marks(void)
{
    static uint8_t image[1024];
    struct rig rig;
    rig_prepare(&rig, 1, 200, 190);
    memcpy(image, fake_eeprom, sizeof image);
    for (unsigned write = 0; write < 4; write++) {
        check_case("journal: marks of 191–194 cut in write %u: at worst they come again", write);
        for (unsigned torn = 0; torn < 256; torn++) {
            memcpy(fake_eeprom, image, sizeof image);
            rig_boot(&rig);
            journal_deliver(&rig.journal, 194);
            fake_cut_at(write, (uint8_t)torn);
            CHECK(!rig_settle(&rig));
            rig_boot(&rig);
            CHECK(rig.journal.committed == 200);
            CHECK(rig.journal.delivered == 190 + write + (torn == 0));
            rig_check_pending(&rig, rig.journal.delivered + 1, 200);
        }
    }
}

static void test_full_ring(void)
{
    struct rig rig;
    check_case("journal: 124 wait, the next is refused, a delivery makes room");
    fake_erase();
    rig_boot(&rig);
    for (unsigned i = 0; i < LAYOUT_SLOTS; i++) {
        CHECK(rig_press(&rig));
    }
    CHECK(!rig_press(&rig) && rig.journal.pending == 0);
    CHECK(rig_settle(&rig) && rig.journal.pending == LAYOUT_SLOTS);
    CHECK(!rig_press(&rig));
    journal_deliver(&rig.journal, 1);
    CHECK(rig_press(&rig) && !rig_press(&rig));
    CHECK(rig_settle(&rig) && rig.journal.committed == 125 && rig.journal.marked == 1);

    check_case("journal: a full ring comes back whole");
    rig_boot(&rig);
    rig_check_pending(&rig, 2, 125);

    check_case("journal: a slot is used again only after its mark is written (PROTOCOL.md §14.3)");
    rig_boot(&rig);
    journal_deliver(&rig.journal, 3);
    CHECK(rig_press(&rig));
    CHECK(journal_start(&rig.journal, &rig.writer) == JOURNAL_MARK);
}

static void test_sequence(void)
{
    struct rig rig;
    check_case("journal: the sequence goes on when everything was delivered");
    rig_prepare(&rig, 1, 130, 130);
    rig_boot(&rig);
    CHECK(rig.journal.committed == 130 && rig.journal.pending == 0);
    CHECK(rig_press(&rig) && rig.journal.accepted == 131);

    check_case("journal: the last sequence is used, then every press refused");
    rig_prepare(&rig, 4294967200u, JOURNAL_LAST_SEQUENCE - 1, JOURNAL_LAST_SEQUENCE - 1);
    CHECK(rig_press(&rig) && !rig_press(&rig));
    CHECK(rig_settle(&rig) && rig.journal.committed == JOURNAL_LAST_SEQUENCE);
    rig_boot(&rig);
    CHECK(!rig_press(&rig));

    check_case("journal: a delivery beyond what is committed, or behind, has no effect");
    rig_prepare(&rig, 1, 10, 4);
    journal_deliver(&rig.journal, 11);
    CHECK(rig.journal.delivered == 4 && rig.journal.pending == 6);
    journal_deliver(&rig.journal, 3);
    CHECK(rig.journal.delivered == 4 && rig.journal.pending == 6);
}

static void test_dead_cells(void)
{
    check_case("journal: a dead cell loses its own press only");
    for (uint32_t dead = 191; dead <= 200; dead++) {
        struct rig rig;
        struct journal_press press;
        rig_prepare(&rig, 1, 200, 190);
        fake_eeprom[LAYOUT_JOURNAL + dead % LAYOUT_SLOTS * LAYOUT_SLOT_BYTES + 4] ^= 1;
        rig_boot(&rig);
        CHECK(rig.journal.pending == 9);
        for (uint32_t sequence = 191; sequence <= 200; sequence++) {
            if (sequence != dead) {
                CHECK(journal_oldest(&rig.journal, &press) && press.sequence == sequence);
                journal_deliver(&rig.journal, sequence);
            }
        }
        CHECK(rig.journal.pending == 0 && !journal_oldest(&rig.journal, &press));
        rig_boot(&rig);
        journal_deliver(&rig.journal, rig.journal.committed);
        CHECK(rig.journal.pending == 0 && rig.journal.delivered == (dead == 200 ? 199 : 200));
    }
}

static void test_lost_mark(void)
{
    check_case("journal: a mark that didn't hold means its press and those behind it come again (PROTOCOL.md §14.4)");
    for (uint32_t lost = 191; lost <= 199; lost++) {
        struct rig rig;
        rig_prepare(&rig, 1, 200, 199);
        fake_eeprom[LAYOUT_JOURNAL + lost % LAYOUT_SLOTS * LAYOUT_SLOT_BYTES + 5] = 0xFF;
        rig_boot(&rig);
        CHECK(rig.journal.committed == 200 && rig.journal.delivered == lost - 1);
        rig_check_pending(&rig, lost, 200);
    }
}

/* Whatever a box of another make may have left there: the CRC holds, the values don't. */
static void test_impossible(void)
{
    static const uint8_t records[][5] = {
        {0xFF, 0xFF, 0xFF, 0xFF, 0x00}, /* the sequence that no press has */
        {0x00, 0x00, 0x00, 0x00, 0x00}, /* likewise */
        {0x0B, 0x00, 0x00, 0x00, 0x10}, /* press byte with a bit that has no meaning */
        {0x0B, 0x00, 0x00, 0x00, 0xFF},
    };
    static const uint8_t slots[] = {UINT32_MAX % LAYOUT_SLOTS, 0, 11, 11};
    check_case("journal: a whole record with values out of range is none (PROTOCOL.md §14.2)");
    for (unsigned i = 0; i < sizeof slots; i++) {
        struct rig rig;
        rig_prepare(&rig, 1, 10, 7);
        uint8_t *slot = fake_eeprom + LAYOUT_JOURNAL + slots[i] * LAYOUT_SLOT_BYTES;
        const uint16_t crc = crc16_of(records[i], 5);
        memcpy(slot, records[i], 5);
        slot[5] = 0xFF;
        slot[6] = (uint8_t)crc;
        slot[7] = (uint8_t)(crc >> 8);
        rig_boot(&rig);
        CHECK(rig.journal.committed == 10);
        rig_check_pending(&rig, 8, 10);
    }
}

static void test_misplaced(void)
{
    check_case("journal: a whole record in another slot is none (PROTOCOL.md §14.2)");
    struct rig rig;
    rig_prepare(&rig, 1, 10, 10);
    uint8_t *slots = fake_eeprom + LAYOUT_JOURNAL;
    memcpy(slots + 50 * LAYOUT_SLOT_BYTES, slots + 10 * LAYOUT_SLOT_BYTES, LAYOUT_SLOT_BYTES);
    memset(slots + 10 * LAYOUT_SLOT_BYTES, 0xFF, LAYOUT_SLOT_BYTES);
    rig_boot(&rig);
    CHECK(rig.journal.committed == 9 && rig.journal.pending == 0);
}

static void test_ages(void)
{
    struct rig rig;
    struct journal_press press;
    check_case("journal: an age that would wrap is told as very old");
    fake_erase();
    rig_boot(&rig);
    CHECK(journal_accept(&rig.journal, 1, 0, 1000));
    CHECK(rig_settle(&rig));
    journal_age(&rig.journal, 1, 1000 + 0xF0000000u);
    CHECK(journal_oldest(&rig.journal, &press) && press.pressed_at == 1000);
    journal_age(&rig.journal, 1, 1001 + 0xF0000000u);
    CHECK(journal_oldest(&rig.journal, &press) && press.pressed_at == JOURNAL_VERY_OLD);
    check_case("journal: a press in the last milliseconds before the wrap has a time");
    CHECK(journal_accept(&rig.journal, 1, 0, UINT32_MAX));
    CHECK(rig_settle(&rig));
    journal_deliver(&rig.journal, 1);
    CHECK(journal_oldest(&rig.journal, &press) && press.pressed_at == JOURNAL_VOID - 1);
}

void test_journal(void)
{
    test_full_ring();
    test_sequence();
    test_dead_cells();
    test_lost_mark();
    test_impossible();
    test_misplaced();
    test_ages();
    test_cut_presses();
    test_uncommitted_never_appears();
    test_cut_marks();
}
