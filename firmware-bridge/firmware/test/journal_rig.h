#ifndef JOURNAL_RIG_H
#define JOURNAL_RIG_H

#include <stdint.h>

#include "journal.h"

/* A journal with its writer on the fake EEPROM, driven without a box. */
struct rig {
    struct journal journal;
    struct writer writer;
};

/* Power on and read the EEPROM. */
void rig_boot(struct rig *rig);

/* Lets everything that waits be written; false when the power went. */
bool rig_settle(struct rig *rig);

/* Buttons and flags follow from the sequence, so that any record can be checked by itself. */
uint8_t rig_button(uint32_t sequence);
uint8_t rig_flags(uint32_t sequence);
bool rig_press(struct rig *rig);

/* An erased EEPROM, made to look as if `first - 1` presses had come and gone, then presses up to last of which
 * those up to delivered are delivered. */
void rig_prepare(struct rig *rig, uint32_t first, uint32_t last, uint32_t delivered);

/* Checks that exactly the presses first…last are pending, in order and whole (consumes them in RAM). */
void rig_check_pending(struct rig *rig, uint32_t first, uint32_t last);

#endif
