#ifndef BOX_WATCH_H
#define BOX_WATCH_H

#include "box.h"

/*
 * What must hold of a box whatever its host and its power do (PROTOCOL.md §8, §9, §11), checked from what goes over
 * the wire, from the cells of the EEPROM and from the box's own counts. Aborts when it doesn't hold.
 */
struct box_watch {
    struct box box;
    uint32_t now;
    uint32_t acked;     /* by an ack that was valid when it came */
    uint32_t committed; /* highest sequence seen whole in the EEPROM */
    uint32_t sent;      /* highest in an E since this boot */
    uint32_t bad;
    uint32_t assigned;  /* by the first S that was valid when it came */
    uint8_t mode;
    int press_of[124];  /* press byte by slot, as first seen */
    uint8_t line[64];   /* the line of the host that has begun */
    unsigned length;
};

/* The EEPROM as it is, everything up to delivered acknowledged in a life before. */
void watch_open(struct box_watch *watch, uint32_t last, uint32_t delivered);

/* Power comes, or comes back after a cut. */
void watch_boot(struct box_watch *watch);

void watch_receive(struct box_watch *watch, uint8_t byte);

/* One millisecond; after a cut in it the box has booted anew. */
void watch_step(struct box_watch *watch, uint8_t pins);

/* A host that does everything right: each press that was never acknowledged comes, once in order, as it was stored. */
void watch_drain(struct box_watch *watch);

void watch_insist(bool is_true, const char *what);

#endif
