/* What the form that makes templates needs; no schema comes along. */
export { type DraftFault, type DraftProblem, templateDraftFaults } from './template-draft-faults.js';
export { templateDraftOf } from './template-draft-of.js';
