// Before each test file, when scripts/mutants.mjs runs it: a property that fails has killed its mutant. Looking for its
// smallest case as well takes most of the time otherwise, and nearly all that a property kills dies in its first runs.
import fc from 'fast-check'

fc.configureGlobal({ endOnFailure: true, numRuns: 40 })
