/** The list of provocations: at least one for each gate. */
export { detoured, doubled } from './books.js';
export { busy, confused, crowded, fewDescriptors, heldUp, littered, outOfPorts, rationed } from './generator.js';
export { deaf, impatient, moody, picky, resentful, slowing, tooSlow } from './target.js';
