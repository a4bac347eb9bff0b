/* What the form that makes templates needs; no schema comes along. */
export { type DraftFault, type DraftProblem, templateDraftFaults } from './templates/template-draft-faults.js';
export { templateDraftOf } from './templates/template-draft-of.js';
