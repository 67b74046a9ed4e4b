// A part of the fuzz run belongs to the everyday tests; `npm run fuzz` starts this file with --mode fuzz, and it takes all of it.
import '../../fuzz/parser.fuzz.js';
