import { afterAll, expect, test } from 'vitest'
import { i18n, loadLanguage } from '.'
import { doorName, placeName } from './place'

afterAll(() => loadLanguage('zh'))

test('a door is named in the language of who reads it', async () => {
  await loadLanguage('zh')
  expect(placeName({ building: '3', unit: '2', room: '501' })).toBe('3 栋 2 单元 501')
  expect(placeName({ building: '3', unit: '', room: '' })).toBe('3 栋')
  expect(doorName('2单元 501')).toBe('2单元 501')
  await loadLanguage('en')
  expect(i18n.global.locale.value).toBe('en')
  expect(placeName({ building: '3', unit: '2', room: '501' })).toBe('Bldg 3, Unit 2, 501')
  expect(placeName({ building: '', unit: '2', room: '501' })).toBe('Unit 2, 501')
  expect(doorName('2单元 501')).toBe('Unit 2, 501')
  expect(doorName('2单元501')).toBe('Unit 2, 501')
  expect(doorName('2单元')).toBe('Unit 2')
  expect(doorName('1-201')).toBe('1-201')
})
