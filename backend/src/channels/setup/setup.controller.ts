import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type BusinessProfile,
  businessProfileSchema,
  type ChangeBusinessProfile,
  changeBusinessProfileSchema,
  type ChannelReport,
  channelReportSchema,
  idSchema,
  type RegisterChannel,
  registerChannelSchema,
  type RequestCode,
  requestCodeSchema,
  type TestMessage,
  testMessageSchema,
  type TestMessageSent,
  testMessageSentSchema,
  type VerifyCode,
  verifyCodeSchema,
} from '@parley/contract';
import { Requires } from '../../common/access/decorators.js';
import { ChannelSetupService } from './channel-setup.service.js';

@ApiTags('channels')
@Controller('channels/:id')
export class ChannelSetupController {
  constructor(private readonly setup: ChannelSetupService) {}

  @Post('verification-code')
  @ApiOperation({ summary: 'Has WhatsApp send a verification code to the number, by SMS or in a call' })
  @HttpCode(204)
  @Requires('channels.manage')
  @ApiNoContentResponse()
  requestCode(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: requestCodeSchema }) request: RequestCode,
  ): Promise<void> {
    return this.setup.requestCode(id, request);
  }

  @Post('verification')
  @ApiOperation({ summary: 'Verifies the number by the code that came to it, then checks it' })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelReportSchema })
  verifyCode(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: verifyCodeSchema }) request: VerifyCode,
  ): Promise<ChannelReport> {
    return this.setup.verifyCode(id, request);
  }

  @Post('register')
  @ApiOperation({ summary: 'Registers the number with WhatsApp by its PIN, then checks it' })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: channelReportSchema })
  register(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: registerChannelSchema }) request: RegisterChannel,
  ): Promise<ChannelReport> {
    return this.setup.register(id, request);
  }

  @Get('profile')
  @ApiOperation({ summary: 'What customers see of the business, as WhatsApp has it' })
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: businessProfileSchema })
  profile(@Param('id', { schema: idSchema }) id: string): Promise<BusinessProfile> {
    return this.setup.profile(id);
  }

  @Put('profile')
  @ApiOperation({ summary: 'Changes what customers see of the business; what WhatsApp does not let be empty stays' })
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: businessProfileSchema })
  changeProfile(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: changeBusinessProfileSchema }) profile: ChangeBusinessProfile,
  ): Promise<BusinessProfile> {
    return this.setup.changeProfile(id, profile);
  }

  @Post('test-message')
  @ApiOperation({ summary: 'Sends a template without values to a phone of one’s own' })
  @HttpCode(200)
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: testMessageSentSchema })
  test(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: testMessageSchema }) request: TestMessage,
  ): Promise<TestMessageSent> {
    return this.setup.sendTest(id, request);
  }
}
