import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { CostsController } from './costs.controller.js';
import { CostsRepository } from './costs.repository.js';
import { CostsService } from './costs.service.js';
import { RatesController } from './rates.controller.js';
import { RatesRepository } from './rates.repository.js';
import { RatesService } from './rates.service.js';

@Module({
  imports: [ConversationsModule],
  controllers: [CostsController, RatesController],
  providers: [CostsRepository, CostsService, RatesRepository, RatesService],
})
export class CostsModule {}
