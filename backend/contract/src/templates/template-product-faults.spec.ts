import { describe, expect, it } from 'vitest';
import { listFaults, productFaults } from './template-product-faults.js';
import type { FilledTemplate, TemplateButton } from './templates.js';

type Sections = NonNullable<FilledTemplate['products']>['sections'];

const button = (type: TemplateButton['type']): TemplateButton => ({
  type,
  text: 'View items',
  url: null,
  phoneNumber: null,
  variable: null,
});
const LIST = { buttons: [button('product_list')] };
const ids = (count: number): string[] => Array.from({ length: count }, (_one, index) => `SKU-${index}`);
const faultsOf = (sections: Sections, coverId?: string) =>
  listFaults(LIST, { products: { sections, ...(coverId !== undefined && { coverId }) } });

describe('the products of a template that is filled in', () => {
  it.each<[string, Sections, string?]>([
    ['one product in a section without a title', [{ productIds: ids(1) }]],
    ['30 products', [{ productIds: ids(30) }]],
    ['ten sections', ids(10).map((title) => ({ title, productIds: ['A'] }))],
    ['a title of 24', [{ title: 'x'.repeat(24), productIds: ids(2) }]],
    ['a product for the cover', [{ productIds: ids(2) }], 'SKU-1'],
  ])('may be %s', (_name, sections, coverId) => {
    expect(faultsOf(sections, coverId)).toEqual([]);
  });

  it.each<[string, Sections, object]>([
    ['none', [], { path: 'products', problem: 'missing' }],
    [
      '31 in two sections',
      [
        { title: 'a', productIds: ids(16) },
        { title: 'b', productIds: ids(15) },
      ],
      { path: 'products', problem: 'too_many', over: 1 },
    ],
    [
      'eleven sections',
      ids(11).map((title) => ({ title, productIds: ['A'] })),
      { path: 'products.sections', problem: 'too_many', over: 1 },
    ],
    [
      'a title of 25',
      [{ title: 'x'.repeat(25), productIds: ids(1) }],
      { path: 'products.sections.0.title', problem: 'too_long', over: 1 },
    ],
    [
      'sections of which one has no title',
      [{ title: 'a', productIds: ids(1) }, { productIds: ids(1) }],
      { path: 'products.sections.1.title', problem: 'missing' },
    ],
    [
      'a section without products',
      [{ productIds: [] }],
      { path: 'products.sections.0.productIds', problem: 'missing' },
    ],
    [
      'an id of 257',
      [{ productIds: ['x'.repeat(257)] }],
      { path: 'products.sections.0.productIds', problem: 'too_long', over: 1 },
    ],
  ])('cannot be %s', (_name, sections, fault) => {
    expect(faultsOf(sections)).toEqual([fault]);
  });

  it('are wanted by their button alone', () => {
    expect(listFaults(LIST, {})).toEqual([{ path: 'products', problem: 'missing' }]);
    const products = { sections: [{ productIds: ids(1) }] };
    expect(listFaults({ buttons: [button('catalog')] }, { products })).toEqual([
      { path: 'products', problem: 'unknown' },
    ]);
  });

  it('are named with their catalogue where one stands alone', () => {
    const path = 'header.product';
    expect(productFaults(path, true, { catalogId: '6100', productId: 'SKU-7' })).toEqual([]);
    expect(productFaults(path, true, { catalogId: '6100', productId: ' ' })).toEqual([
      { path: 'header.product.productId', problem: 'missing' },
    ]);
    expect(productFaults(path, true, undefined)).toHaveLength(2);
    expect(productFaults(path, true, { catalogId: 'x'.repeat(258), productId: 'A' })).toEqual([
      { path: 'header.product.catalogId', problem: 'too_long', over: 2 },
    ]);
    expect(productFaults(path, false, { catalogId: '6100', productId: 'SKU-7' })).toEqual([
      { path, problem: 'unknown' },
    ]);
  });
});
