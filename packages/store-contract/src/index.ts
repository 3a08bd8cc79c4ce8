export { checkBatch, checkBucket, checkHalf, checkId, checkTable } from './check'
export { isStoreError, StoreError, type StoreErrorCode } from './errors'
export {
  type Batch,
  type Bucket,
  type Cell,
  type Guarantees,
  HALF_BYTES,
  type Half,
  MAX_ROW_BYTES,
  ROW_ID_BYTES,
  type Root,
  type Row,
  type RowId,
  type RowRef,
  type Store,
  TABLES,
  type Table,
  UNDATED,
  type Unwatch,
  type Version,
} from './port'
