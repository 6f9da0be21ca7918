#include "witness.h"

#include <ctype.h>
#include <string.h>

#include "inference.h"
#include "split.h"
#include "trial.h"

static char *position_name(Arena *arena, const Task *task, int position)
{
    Text name = {0};
    position_say(&name, task, position);
    char *copy = arena_strdup(arena, text_chars(&name));
    text_free(&name);
    return copy;
}

// The prompt followed by what was decoded, and the logits of each decoded token.
static void decode(Arena *arena, const Claim *claim, const int *right, int *ret_tokens,
                   float *ret_logits)
{
    const Task *task = claim->task;
    Inference *inference = inference_new(arena, claim->model, claim_length(claim));
    memcpy(ret_tokens, right, (size_t)task->prompt * sizeof *right);
    inference_decode(inference, right, 1, task->prompt, task->answer, ret_tokens + task->prompt);
    inference_logits(inference, ret_tokens, 1, claim_length(claim), task->prompt - 1, ret_logits);
}

Witness witness_of(Arena *arena, const Claim *claim, const uint8_t *symbols)
{
    const Task *task = claim->task;
    size_t length = (size_t)(task->prompt + task->answer), V = (size_t)claim->model->shape.d_vocab;
    int *right = ARENA_NEW(arena, int, length), *tokens = ARENA_NEW(arena, int, length);
    float *logits = ARENA_NEW(arena, float, (size_t)task->answer *V);
    const char **answer = ARENA_NEW(arena, const char *, (size_t)task->answer);
    Witness witness = {.prompt = right};
    memcpy(witness.symbols, symbols, (size_t)task->columns);
    task_tokens(task, claim->ids, symbols, right);
    decode(arena, claim, right, tokens, logits);
    witness.token = ARENA_NEW(arena, WitnessToken, (size_t)task->answer);
    for (int a = 0; a < task->answer; a++, logits += V) {
        int chosen = tokens[task->prompt + a], wanted = right[task->prompt + a];
        answer[a] = claim->model->vocab[chosen];
        witness.wrong = witness.wrong || chosen != wanted;
        witness.token[a] =
            (WitnessToken){position_name(arena, task, task->prompt + a), answer[a],
                           claim->model->vocab[wanted], logits[chosen], logits[wanted]};
    }
    witness.question = task_show_prompt(arena, task, symbols);
    witness.answer = task_show_answer(arena, task, answer);
    witness.right = task_show_right(arena, task, symbols);
    return witness;
}

static void set_inputs(const Task *task, const uint8_t *symbols, Trial *trial)
{
    const Spec *spec = task->spec;
    for (int k = 0, which = 0; k < spec->n_numbers; k++) {
        if (spec->numbers[k].answer)
            continue;
        for (int c = 0; c < task->columns; c++)
            trial->digits[k][c] = task_symbol_digit(task, symbols[c], which);
        which++;
    }
}

// False if something else stands there.
static bool set_answer(const Spec *spec, const WitnessToken *token, Trial *trial)
{
    for (int i = 0; i < spec->n_answer; i++) {
        const SpecItem *item = &spec->answer[i];
        if (item->number < 0 && strcmp((token++)->chosen, item->token) != 0)
            return false;
        for (int d = item->number < 0 ? 0 : spec->numbers[item->number].digits; d > 0; d--) {
            const char *text = (token++)->chosen;
            if (!isdigit((unsigned char)text[0]) || text[1])
                return false;
            trial->digits[item->number][d - 1] = text[0] - '0';
        }
    }
    return true;
}

bool witness_violates(Arena *arena, const Claim *claim, const Witness *witness)
{
    const Spec *spec = claim->task->spec;
    Trial *trial = trial_new(arena, spec);
    set_inputs(claim->task, witness->symbols, trial);
    return !set_answer(spec, witness->token, trial) || !trial_truth(trial, spec->require);
}
