import { asJson, asJsonList, asText, isJson, type Json } from '../core/json.ts';
import { renderTemplate, templateVariables, type TemplateDefinition } from '../state/templates.ts';
import { graphErrorOf, GraphError } from './errors.ts';

/** A template send that fits its definition, with the text the customer will see. */
export interface FilledTemplate {
  definition: TemplateDefinition;
  text: string;
}

/** Finds the template and fits the parameters into it (Meta: Cloud API, template messages and their errors). */
export function fillTemplate(templates: readonly TemplateDefinition[], content: Json): FilledTemplate {
  const name = asText(content['name']) ?? '';
  const language = asText(asJson(content['language'])['code']) ?? '';
  const definition = templates.find((item) => item.name === name && item.language === language);
  if (!definition || definition.status === 'PENDING' || definition.status === 'REJECTED') {
    throw new GraphError(132001, `template name (${name}) does not exist in ${language}`);
  }
  if (definition.status === 'PAUSED') throw graphErrorOf(132015, 'Template is paused due to low quality.');
  if (definition.status === 'DISABLED') throw graphErrorOf(132016);
  return { definition, text: renderTemplate(definition.body, bodyValues(definition, content)) };
}

function bodyValues(definition: TemplateDefinition, content: Json): Map<string, string> {
  const variables = templateVariables(definition.body);
  const body = asJsonList(content['components']).find((item) => asText(item['type'])?.toLowerCase() === 'body');
  const parameters = asJsonList(body?.['parameters']);
  if (parameters.length !== variables.length) {
    throw new GraphError(
      132000,
      `body: number of localizable_params (${String(parameters.length)}) does not match the expected number of params (${String(variables.length)})`,
    );
  }
  const isNamed = variables.some((variable) => !/^\d+$/.test(variable));
  const values = new Map<string, string>();
  parameters.forEach((parameter, index) => {
    const key = isNamed ? asText(parameter['parameter_name']) : variables[index];
    const text = parameterText(parameter);
    if (key === undefined || !variables.includes(key) || text === undefined) {
      throw new GraphError(132012, `body: parameter ${String(index + 1)} does not fit the template`);
    }
    values.set(key, text);
  });
  return values;
}

function parameterText(parameter: Json): string | undefined {
  const type = asText(parameter['type']);
  if (type === 'text') return asText(parameter['text']) || undefined;
  if (type !== 'currency' && type !== 'date_time') return undefined;
  const value = parameter[type];
  return isJson(value) ? asText(value['fallback_value']) : undefined;
}
