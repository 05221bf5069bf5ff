#ifndef RATES_H
#define RATES_H

#include <stdint.h>

/* How often the loop comes round: the tables must give the same at each. */
enum rate { RATE_1_MS, RATE_HALF_MS, RATE_3_MS_JITTERED, RATES };

extern const char *const rate_names[RATES];

struct pace {
    enum rate rate;
    uint64_t us;
    uint32_t random;
};

struct pace pace_start(enum rate rate);
void pace_step(struct pace *pace);

#endif
