import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  createTagSchema,
  problemSchema,
  renameTagSchema,
  tagListSchema,
  tagNameSchema,
  tagUsageListSchema,
  type CreateTag,
  type RenameTag,
  type TagList,
  type TagUsageList,
} from '@parley/contract';
import { Requires } from '../../common/access/decorators.js';
import { TagsService } from './tags.service.js';

const TAKEN = { standardSchema: problemSchema, description: 'tag.name_taken' };

@ApiTags('conversations')
@Controller('tags')
export class TagsController {
  constructor(private readonly tags: TagsService) {}

  @Get()
  @ApiOperation({ summary: 'Every tag that there is' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: tagListSchema })
  async list(): Promise<TagList> {
    return { items: await this.tags.names() };
  }

  @Get('usage')
  @ApiOperation({ summary: 'Every tag with how many conversations have it, and what is still being changed' })
  @Requires('tags.manage')
  @ApiOkResponse({ standardSchema: tagUsageListSchema })
  usage(): Promise<TagUsageList> {
    return this.tags.usage();
  }

  @Post()
  @ApiOperation({ summary: 'Adds a tag that no conversation has yet' })
  @Requires('tags.manage')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiConflictResponse(TAKEN)
  async create(@Body({ schema: createTagSchema }) { name }: CreateTag): Promise<void> {
    await this.tags.create(name);
  }

  @Patch(':name')
  @ApiOperation({ summary: 'Gives a tag another name, or joins it with the one that has that name' })
  @Requires('tags.manage')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiConflictResponse(TAKEN)
  async rename(
    @Param('name', { schema: tagNameSchema }) name: string,
    @Body({ schema: renameTagSchema }) request: RenameTag,
  ): Promise<void> {
    await this.tags.rename(name, request);
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Removes a tag, also from every conversation that has it' })
  @Requires('tags.manage')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async remove(@Param('name', { schema: tagNameSchema }) name: string): Promise<void> {
    await this.tags.remove(name);
  }
}
