#include "bundle_names.h"

#include <string.h>

const char *const bundle_names[BUNDLE_NAMES] = {
    "MANIFEST.json",   "SHA256SUMS", "audit.md",  "certificate.txt", "model.safetensors",
    "obligations.txt", "smt.sha256", "spec.spec", "task.txt",
};

bool bundle_names_top(const char *name)
{
    for (int i = 0; i < BUNDLE_NAMES; i++)
        if (strcmp(name, bundle_names[i]) == 0)
            return true;
    return strcmp(name, "smt") == 0;
}

bool bundle_names_script(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".smt2") == 0 && !strchr(name, '/');
}
