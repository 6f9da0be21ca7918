#!/bin/sh
# Every model that stands beside a recipe is the one that the recipe records: recorded.sh FOLDER
set -eu

cd "$1"
for recipe in *.recipe; do
    recorded=$(sed -n 's/^sha256 *//p' "$recipe")
    echo "$recorded  ${recipe%.recipe}.safetensors"
done | sha256sum --check --strict
