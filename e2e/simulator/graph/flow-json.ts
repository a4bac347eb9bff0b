import { asJsonList, asText, isJson, type Json } from '../core/json.ts';

/** As Meta tells what is wrong with a form's content (Meta: Flows API, validation errors). */
export interface FlowFault extends Json {
  error: string;
  error_type: 'FLOW_JSON_ERROR' | 'JSON_SCHEMA_ERROR';
  message: string;
}

const fault = (error: string, message: string, path: string): FlowFault => ({
  error,
  error_type: error === 'INVALID_JSON' ? 'JSON_SCHEMA_ERROR' : 'FLOW_JSON_ERROR',
  message,
  line_start: 1,
  line_end: 1,
  column_start: 1,
  column_end: 1,
  pointers: [{ line_start: 1, line_end: 1, column_start: 1, column_end: 1, path }],
});

/** Empty for content that could be published: a version, screens with names of their own, and an end. */
export function flowFaults(text: string | undefined): FlowFault[] {
  if (text === undefined) return [fault('INVALID_JSON', 'The flow has no JSON yet.', '')];
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return [fault('INVALID_JSON', 'The flow is not valid JSON.', '')];
  }
  if (!isJson(content)) return [fault('INVALID_JSON', 'The flow must be an object.', '')];
  const screens = asJsonList(content['screens']);
  const ids = screens.map((screen) => asText(screen['id']) ?? '');
  return [
    ...(/^\d+\.\d+$/.test(asText(content['version']) ?? '')
      ? []
      : [fault('REQUIRED_PROPERTY_MISSING', "Property 'version' is required.", 'version')]),
    ...(screens.length > 0 ? [] : [fault('REQUIRED_PROPERTY_MISSING', "Property 'screens' is required.", 'screens')]),
    ...screens.flatMap((screen, index) => screenFaults(screen, `screens[${String(index)}]`)),
    ...(new Set(ids).size === ids.length
      ? []
      : [fault('INVALID_PROPERTY_VALUE', 'Screens must have ids of their own.', 'screens')]),
    ...(screens.length === 0 || screens.some((screen) => screen['terminal'] === true)
      ? []
      : [fault('MISSING_TERMINAL_SCREEN', 'At least one screen must be terminal.', 'screens')]),
  ];
}

function screenFaults(screen: Json, path: string): FlowFault[] {
  const missing = (['id', 'layout'] as const).filter((key) => screen[key] === undefined);
  return [
    ...missing.map((key) => fault('REQUIRED_PROPERTY_MISSING', `Property '${key}' is required.`, `${path}.${key}`)),
    ...(screen['id'] === undefined || /^[A-Za-z_]+$/.test(asText(screen['id']) ?? '')
      ? []
      : [fault('INVALID_PROPERTY_VALUE', 'The id of a screen has letters and _ only.', `${path}.id`)]),
  ];
}
