import { ask } from './form.js';
import { openSheet } from './sheet.js';

/** The address form of WhatsApp in India, in its order; what every address needs is required. (Meta: address messages.) */
const FIELDS = [
  { name: 'name', label: 'Name', required: true },
  { name: 'phone_number', label: 'Phone number', required: true, inputmode: 'tel' },
  { name: 'in_pin_code', label: 'Pin code', required: true, maxlength: 6, inputmode: 'numeric' },
  { name: 'house_number', label: 'Flat/House number' },
  { name: 'floor_number', label: 'Floor number' },
  { name: 'tower_number', label: 'Tower number' },
  { name: 'building_name', label: 'Building/Apartment name' },
  { name: 'address', label: 'Address', required: true },
  { name: 'landmark_area', label: 'Landmark/Area' },
  { name: 'city', label: 'City', required: true },
  { name: 'state', label: 'State' },
];

const filledIn = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
const wordsOf = (values) => [values.name, values.address, values.city, values.in_pin_code].filter(Boolean).join('\n');

/**
 * Asks for an address with what the business gave along: values that stand there, what was wrong with them, addresses to
 * choose from. `send(savedId, words, values)` gets the answer; the id is empty when it was written.
 */
export function openAddress({ values = {}, validation_errors: errors = {}, saved_addresses: saved = [] }, send) {
  const write = () => {
    const fields = FIELDS.map(({ name, label, ...more }) => ({
      name,
      label: errors[name] ? `${label}: ${errors[name]}` : label,
      value: values[name] ?? '',
      required: false,
      maxlength: 256,
      ...more,
    }));
    ask('Your address', fields, (answers) => send('', wordsOf(answers), filledIn(answers)));
  };
  if (saved.length === 0) return write();
  const rows = saved.map(({ id, value }) => ({ id, value, title: value.name ?? id, description: wordsOf(value) }));
  const sections = [{ rows: [...rows, { id: '', title: 'Another address…' }] }];
  openSheet({ label: 'Your addresses', sections }, ({ id, value }) =>
    value ? send(id, wordsOf(value), value) : write(),
  );
}
