# Nothing was kept, so nothing can be answered.
$ verify --offline --no-bundle specs/addition.spec
! error[Z005]: the cache has no answer to `; A.range: states and digits stay in their ranges`
= 13
