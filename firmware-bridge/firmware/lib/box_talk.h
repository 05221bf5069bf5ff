#ifndef BOX_TALK_H
#define BOX_TALK_H

#include <stdint.h>

#include "box.h"

/* The box's side of the conversation: PROTOCOL.md §9.2, §9.3, §11. */

/* Sends what is due: H or N before E. */
void box_talk(struct box *box, uint32_t now);

/* Counts up to the highest value and stays there, PROTOCOL.md §5.1. */
void box_count(uint32_t *counter);

#endif
