#include "claim.h"

Status claim_new(Arena *arena, const Task *task, const Model *model, Claim **ret_claim, Diag *diag)
{
    Claim *claim = ARENA_NEW(arena, Claim, 1);
    *claim = (Claim){.task = task, .model = model};
    TRY(task_bind(task, model->vocab, model->shape.d_vocab, claim->ids, diag));
    if (claim_length(claim) > model->shape.n_ctx) {
        diag_set(diag, STATUS_MALFORMED, "P001",
                 "the spec needs %d positions (%d digits), but the model has %d",
                 claim_length(claim), task->columns, model->shape.n_ctx);
        diag_hint(diag, "set fewer digits, or name another model with --model");
        return STATUS_MALFORMED;
    }
    *ret_claim = claim;
    return STATUS_OK;
}
