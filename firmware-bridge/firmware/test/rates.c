#include "rates.h"

#include "fake_port.h"

const char *const rate_names[RATES] = {"every 1 ms", "every 0.5 ms", "every 3 ms with jitter"};

struct pace pace_start(enum rate rate)
{
    return (struct pace){.rate = rate, .us = 0, .random = 7};
}

void pace_step(struct pace *pace)
{
    switch (pace->rate) {
    case RATE_1_MS:
        pace->us += 1000;
        break;
    case RATE_HALF_MS:
        pace->us += 500;
        break;
    default:
        pace->us += 1000 + fake_random(&pace->random) % 4001;
        break;
    }
}
