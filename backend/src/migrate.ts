import { loadDatabaseUrl } from './config/environment.js';
import { migrate } from './database/migrate.js';

const { applied } = await migrate(loadDatabaseUrl());
console.log(applied.length === 0 ? 'schema is current' : `applied ${applied.join(', ')}`);
