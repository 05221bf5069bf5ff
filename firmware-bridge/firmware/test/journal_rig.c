#include "journal_rig.h"

#include "check.h"
#include "fake_port.h"
#include "port.h"

void rig_boot(struct rig *rig)
{
    fake_time_us += 10000; /* the write under way, if any, is over */
    fake_power_on();
    *rig = (struct rig){0};
    journal_open(&rig->journal);
}

bool rig_settle(struct rig *rig)
{
    enum journal_job job = JOURNAL_NOTHING;
    while (fake_has_power) {
        if (writer_step(&rig->writer)) {
            CHECK(port_eeprom_is_ready()); /* finished means that the last byte is, PROTOCOL.md §9.1 */
            journal_finish(&rig->journal, job);
        }
        if (writer_is_idle(&rig->writer)) {
            job = journal_start(&rig->journal, &rig->writer);
            if (job == JOURNAL_NOTHING) {
                return true;
            }
        }
        fake_time_us += 1000;
    }
    return false;
}

uint8_t rig_button(uint32_t sequence)
{
    return (uint8_t)(sequence * 7u % 4u + 1u);
}

uint8_t rig_flags(uint32_t sequence)
{
    return (uint8_t)(sequence / 3u % 4u);
}

bool rig_press(struct rig *rig)
{
    const uint32_t sequence = rig->journal.accepted + 1;
    return journal_accept(&rig->journal, rig_button(sequence), rig_flags(sequence), (uint32_t)(fake_time_us / 1000));
}

void rig_prepare(struct rig *rig, uint32_t first, uint32_t last, uint32_t delivered)
{
    fake_erase();
    rig_boot(rig);
    rig->journal.accepted = first - 1;
    rig->journal.committed = first - 1;
    rig->journal.delivered = first - 1;
    rig->journal.marked = first - 1;
    while (rig->journal.accepted != last) {
        if (!rig_press(rig)) {
            journal_deliver(&rig->journal, rig->journal.delivered + 1);
        }
        rig_settle(rig);
    }
    journal_deliver(&rig->journal, delivered);
    rig_settle(rig);
}

void rig_check_pending(struct rig *rig, uint32_t first, uint32_t last)
{
    CHECK(rig->journal.pending == (uint8_t)(last - first + 1));
    struct journal_press press;
    for (uint32_t sequence = first; sequence <= last; sequence++) {
        CHECK(journal_oldest(&rig->journal, &press));
        CHECK(press.sequence == sequence);
        CHECK(press.button == rig_button(sequence) && press.flags == rig_flags(sequence));
        CHECK(press.pressed_at == JOURNAL_EARLIER_BOOT);
        journal_deliver(&rig->journal, sequence);
    }
    CHECK(!journal_oldest(&rig->journal, &press));
}
