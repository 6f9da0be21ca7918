// A thread beside the solver that looks every few milliseconds whether the user wants to stop, and
// then tells the solver, which gives up with "canceled".
#pragma once

typedef struct SmtWatch SmtWatch;

SmtWatch *smt_watch_begin(void (*interrupt)(void *object), void *object);
void smt_watch_end(SmtWatch *watch);
