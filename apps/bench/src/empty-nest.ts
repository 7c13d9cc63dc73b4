import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import './with-parent';

/** A Nest app with nothing in it: what the framework alone takes of the memory. */
@Module({})
class Nothing {}

const app = await NestFactory.create(Nothing, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.send?.('ready');
