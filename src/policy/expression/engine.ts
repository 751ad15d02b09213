/** The engine of regular expressions alone, so that it is a file of its own that is loaded when there is one to evaluate. */
export { RE2JS } from 're2js';
