import app from './es/app.json';
import ui from './es/ui.json';

export default { ...app, ...ui };
