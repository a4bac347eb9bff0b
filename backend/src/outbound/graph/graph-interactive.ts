import type { Interactive } from '@parley/contract';

type Part = Record<string, unknown>;

/** What `interactive` holds in a send, as Meta documents each kind (Cloud API, interactive messages). */
export function interactivePart(body: string, interactive: Interactive, headerFile: Part | null = null): Part {
  const { header, footer } = interactive;
  const above = headerFile ?? (header ? { type: 'text', text: header } : null);
  return {
    ...wayOf(interactive),
    ...(above && { header: above }),
    ...(body && { body: { text: body } }),
    ...(footer && { footer: { text: footer } }),
  };
}

/** Meta's word for the kind, and what the customer can do with it. */
function wayOf(interactive: Interactive): Part {
  const { kind, buttons = [], buttonText, sections = [], url, ttlMinutes, catalogId, productId } = interactive;
  switch (kind) {
    case 'list':
      return { type: 'list', action: { button: buttonText, sections } };
    case 'link':
      return named('cta_url', 'cta_url', { display_text: buttonText, url });
    case 'location_request':
      return named('location_request_message', 'send_location');
    case 'contact_request':
      return named('request_contact_info', 'request_contact_info');
    case 'address_request':
      return named('address_message', 'address_message', addressParameters(interactive));
    case 'call_permission_request':
      return named('call_permission_request', 'call_permission_request');
    case 'call_button': {
      const parameters = {
        ...(buttonText && { display_text: buttonText }),
        ...(ttlMinutes && { ttl_minutes: ttlMinutes }),
      };
      return named('voice_call', 'voice_call', Object.keys(parameters).length > 0 ? parameters : undefined);
    }
    case 'flow':
      return named('flow', 'flow', flowParameters(interactive));
    case 'product':
      return { type: 'product', action: { catalog_id: catalogId, product_retailer_id: productId } };
    case 'product_list':
      return { type: 'product_list', action: { catalog_id: catalogId, sections: productSections(interactive) } };
    case 'catalog':
      return named('catalog_message', 'catalog_message', productId ? { thumbnail_product_retailer_id: productId } : {});
    default:
      return {
        type: 'button',
        action: { buttons: buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } })) },
      };
  }
}

const named = (type: string, name: string, parameters?: Part): Part => ({
  type,
  action: { name, ...(parameters && { parameters }) },
});

function flowParameters({ flow, buttonText }: Interactive): Part {
  const { id, name, token, mode, action, screen, data } = flow ?? {};
  return {
    flow_message_version: '3',
    ...(id ? { flow_id: id } : { flow_name: name }),
    flow_cta: buttonText,
    ...(mode && { mode }),
    ...(token && { flow_token: token }),
    ...(action && { flow_action: action }),
    ...(screen && { flow_action_payload: { screen, ...(data && { data }) } }),
  };
}

function addressParameters({ address }: Interactive): Part {
  const { country, values, savedAddresses, validationErrors } = address ?? {};
  const saved = savedAddresses?.map(({ id, values: value }) => ({ id, value }));
  return {
    country,
    ...(hasAny(values) && { values }),
    ...(saved?.length && { saved_addresses: saved }),
    ...(hasAny(validationErrors) && { validation_errors: validationErrors }),
  };
}

const hasAny = (part: object | null | undefined): boolean => Object.keys(part ?? {}).length > 0;

const productSections = ({ productSections: sections = [] }: Interactive): Part[] =>
  sections.map(({ title, productIds }) => ({
    ...(title && { title }),
    product_items: productIds.map((id) => ({ product_retailer_id: id })),
  }));
