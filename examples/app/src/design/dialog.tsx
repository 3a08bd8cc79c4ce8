/** A question over everything else. Escape and a press outside mean no. */
import { type ReactNode, useState } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './parts'

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
}: {
  title: ReactNode
  isOpen: boolean
  onClose: () => void
  children: ReactNode
}) {
  return (
    <ModalOverlay className="shade" isOpen={isOpen} onOpenChange={open => !open && onClose()} isDismissable>
      <Modal>
        <AriaDialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Asks before something that can't be taken back; what it will do stands in `children`. `onYes` may take its time and may throw. */
export function Confirm({
  title,
  yes,
  no,
  danger,
  isOpen,
  onClose,
  onYes,
  onTrouble,
  children,
}: {
  title: ReactNode
  yes: string
  no: string
  danger?: boolean
  isOpen: boolean
  onClose: () => void
  onYes: () => Promise<unknown>
  onTrouble: (error: unknown) => void
  children: ReactNode
}) {
  const [isBusy, setBusy] = useState(false)
  const act = async () => {
    setBusy(true)
    try {
      await onYes()
    } catch (error) {
      onTrouble(error)
    } finally {
      setBusy(false)
      onClose()
    }
  }
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      {children}
      <div className="actions">
        <Button onPress={onClose}>{no}</Button>
        <Button look={danger ? 'danger' : 'primary'} isPending={isBusy} onPress={act}>
          {yes}
        </Button>
      </div>
    </Dialog>
  )
}
