#include "option_table.h"

#include <limits.h>

#define PROVE   (1u << COMMAND_PROVE)
#define TRAIN   (1u << COMMAND_TRAIN)
#define EVAL    (1u << COMMAND_EVAL)
#define CHECKS  (1u << COMMAND_CHECK)
#define REPLAY  (1u << COMMAND_REPLAY)
#define EXPLAIN (1u << COMMAND_EXPLAIN)
#define ALL     (PROVE | TRAIN | EVAL | CHECKS | REPLAY | EXPLAIN)

#define STRING(x) #x
#define NUMBER(x) STRING(x)

const CommandRow command_table[COMMANDS] = {
    [COMMAND_PROVE] =
        {"prove", "SPEC...", 1, -1, "a spec", "prove that a model meets its spec on every input",
         "For each SPEC: proves that the algorithm written there computes what `require`\n"
         "says, splits all inputs into edge cases, and proves for each of them that the\n"
         "model gives the right answer. Prints a table of what was proved and how, and a\n"
         "verdict. A model that is wrong somewhere is refuted by an input that it really\n"
         "gets wrong.\n"
         "\n"
         "A proof is written to a folder, proofs/MODEL-SPEC unless --output names another,\n"
         "which holds all that is needed to check it, and proofcheck is run on it.\n"
         "\n"
         "A SPEC without folders in its name is looked up in the working directory, then\n"
         "among the installed specs.\n"},
    [COMMAND_TRAIN] =
        {"train", "RECIPE", 1, 1, "a recipe", "train a model from its recipe",
         "Trains the model that RECIPE describes and writes it beside the recipe. The same\n"
         "recipe gives the same weights, bit for bit, with any number of threads.\n"},
    [COMMAND_EVAL] =
        {"eval", "MODEL [QUESTION]", 1, -1, "a model", "measure a model, or ask it one question",
         "Without QUESTION: accuracy, least margin and speed on sampled questions. With\n"
         "QUESTION, as in 12345 + 67890 or 12345+67890: the model's answer.\n"},
    [COMMAND_CHECK] =
        {"check", "BUNDLE", 1, 1, "a proof bundle",
         "have a proof checked by an independent program",
         "Runs proofcheck, which shares no code with verify, on the folder BUNDLE. Its\n"
         "output and its exit code are those of this command.\n"},
    [COMMAND_REPLAY] =
        {"replay", "BUNDLE", 1, 1, "a proof bundle", "find a proof again and compare",
         "Proves the spec of BUNDLE for its model again, asking the solver everything\n"
         "anew, and compares what comes out with what is there, byte for byte. Scripts\n"
         "that are missing in BUNDLE/smt are put back. With --solver, PROGRAM is run on\n"
         "every script, and must answer unsat to every question.\n"},
    [COMMAND_EXPLAIN] =
        {"explain", "[CODE]", 0, 1, NULL, "say what a diagnostic means and what to do about it",
         "CODE is what stands in brackets in a message, as in error[S001]. Without CODE:\n"
         "all codes, one a line.\n"},
};

const char *const option_group_titles[GROUPS] = {
    [GROUP_CLAIM] = "What is claimed",
    [GROUP_TRAINING] = "Training and sampling",
    [GROUP_RUN] = "How it runs",
    [GROUP_OUTPUT] = "Output",
};

#define FIELD(name) offsetof(Options, name)

// name, letter, kind, group, commands, field, has, low, high, value, help
const OptionRow option_table[] = {
    {"set", 0, OPTION_SETTING, GROUP_CLAIM, PROVE | EVAL, FIELD(settings), 0, 0, 0, "NAME=N",
     "give the spec's parameter NAME the value N; may be repeated"},
    {"model", 0, OPTION_TEXT, GROUP_CLAIM, PROVE, FIELD(model), 0, 0, 0, "FILE",
     "put this model to the claim, not the one that the spec names"},
    {"all", 0, OPTION_FLAG, GROUP_CLAIM, PROVE, FIELD(all), 0, 0, 0, NULL,
     "prove each spec for all models that it lists, not only for one"},
    {"spec", 0, OPTION_TEXT, GROUP_CLAIM, EVAL, FIELD(spec), 0, 0, 0, "FILE",
     "the spec of the questions, if not the one that the model was trained for"},
    {"only", 0, OPTION_TEXT, GROUP_CLAIM, PROVE, FIELD(only), 0, 0, 0, "PATTERN",
     "prove only the answer positions whose names match, as a shell matches file names, s3 or "
     "'s[01]'; "
     "a pattern that matches nothing is an error"},

    {"samples", 0, OPTION_INTEGER, GROUP_TRAINING, EVAL, FIELD(samples), 0, 1, 1000000000, "N",
     "how many questions to sample; default " NUMBER(OPTIONS_SAMPLES)},
    {"seed", 0, OPTION_INTEGER, GROUP_TRAINING, TRAIN | EVAL, FIELD(seed), FIELD(has_seed), 0,
     LLONG_MAX, "N", "seed of the random numbers"},
    {"steps", 0, OPTION_INTEGER, GROUP_TRAINING, TRAIN, FIELD(steps), FIELD(has_steps), 1, INT_MAX,
     "N", "train for N steps, not as many as the recipe says"},
    {"until-proved", 0, OPTION_FLAG, GROUP_TRAINING, TRAIN, FIELD(until_proved), 0, 0, 0, NULL,
     "go on in rounds until the model can be proved, each with the questions that stood in the way; "
     "if it cannot in the end, that is a failure"},
    {"rounds", 0, OPTION_INTEGER, GROUP_TRAINING, TRAIN, FIELD(rounds), FIELD(has_rounds), 1, 1000,
     "N", "go on for at most N rounds, not as many as the recipe says"},
    {"resume", 0, OPTION_FLAG, GROUP_TRAINING, TRAIN, FIELD(resume), 0, 0, 0, NULL,
     "go on where an interrupted training stopped"},
    {"check", 0, OPTION_FLAG, GROUP_TRAINING, TRAIN, FIELD(check), 0, 0, 0, NULL,
     "train again, write nothing, and compare the weights with the hash in the recipe"},

    {"threads", 'j', OPTION_INTEGER, GROUP_RUN, PROVE | TRAIN | EVAL | REPLAY, FIELD(threads), 0, 1,
     OPTIONS_THREADS_MAX, "N", "threads to use; default: one for each processor"},
    {"budget", 0, OPTION_INTEGER, GROUP_RUN, PROVE, FIELD(budget), 0, 1, LLONG_MAX, "N",
     "regions to bound, about, before what is not proved yet is left open; the same on every "
     "machine; default " NUMBER(OPTIONS_BUDGET)},

    {"cache", 0, OPTION_TEXT, GROUP_RUN, PROVE, FIELD(cache), 0, 0, 0, "DIR",
     "keep the solver's answers there; default: ripple in $XDG_CACHE_HOME or in ~/.cache"},
    {"fresh", 0, OPTION_FLAG, GROUP_RUN, PROVE, FIELD(fresh), 0, 0, 0, NULL,
     "ask the solver everything anew, even what it answered in an earlier run"},
    {"no-cache", 0, OPTION_FLAG, GROUP_RUN, PROVE, FIELD(no_cache), 0, 0, 0, NULL,
     "neither use nor keep answers of the solver"},
    {"offline", 0, OPTION_FLAG, GROUP_RUN, PROVE, FIELD(offline), 0, 0, 0, NULL,
     "do not run the solver: an answer that was not kept is an error"},
    {"solver", 0, OPTION_TEXT, GROUP_RUN, REPLAY, FIELD(solver), 0, 0, 0, "PROGRAM",
     "an SMT-LIB 2 solver to run on every script, as in --solver cvc5"},

    {"output", 'o', OPTION_TEXT, GROUP_OUTPUT, PROVE | TRAIN, FIELD(output), 0, 0, 0, "PATH",
     "write the model, or the proof bundle, there"},
    {"no-bundle", 0, OPTION_FLAG, GROUP_OUTPUT, PROVE, FIELD(no_bundle), 0, 0, 0, NULL,
     "write no proof bundle"},
    {"force", 0, OPTION_FLAG, GROUP_OUTPUT, PROVE | TRAIN, FIELD(force), 0, 0, 0, NULL,
     "replace a result that is already there"},
    {"trace", 0, OPTION_FLAG, GROUP_OUTPUT, PROVE, FIELD(trace), 0, 0, 0, NULL,
     "show what the model writes for the first wrong answer, with logits"},
    {"json", 0, OPTION_FLAG, GROUP_OUTPUT, PROVE | EVAL, FIELD(json), 0, 0, 0, NULL,
     "print the result as one JSON object"},
    {"quiet", 'q', OPTION_FLAG, GROUP_OUTPUT, ALL, FIELD(quiet), 0, 0, 0, NULL,
     "print only the verdict and errors"},
    {"no-progress", 0, OPTION_FLAG, GROUP_OUTPUT, PROVE | TRAIN | EVAL | REPLAY, FIELD(no_progress),
     0, 0, 0, NULL, "show no progress on stderr"},
    {"color", 0, OPTION_COLOR, GROUP_OUTPUT, ALL, FIELD(color), 0, 0, 0, "WHEN",
     "auto, always or never; default auto: on a terminal, unless NO_COLOR is set"},
    {"help", 'h', OPTION_HELP, GROUP_OUTPUT, ALL, FIELD(help), 0, 0, 0, NULL,
     "print this help; after a command, the help of that command"},
    {"version", 'V', OPTION_FLAG, GROUP_OUTPUT, ALL, FIELD(version), 0, 0, 0, NULL,
     "print the version"},
};

const int option_rows = sizeof option_table / sizeof *option_table;
